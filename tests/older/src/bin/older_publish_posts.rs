include!("../../../../functions/content/src/bin/publish_posts.rs");
