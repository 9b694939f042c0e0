include!("../../../../functions/content/src/bin/retag_posts.rs");
