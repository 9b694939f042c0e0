include!("../../../../functions/comments/src/bin/follow_comments.rs");
