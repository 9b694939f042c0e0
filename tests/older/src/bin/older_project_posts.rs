include!("../../../../functions/content/src/bin/project_posts.rs");
