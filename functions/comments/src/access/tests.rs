use domain::comment::{Command, NewComment};
use domain::id::{CommentId, PostId, UserId};
use domain::role::BuiltInRole;
use domain::{Actor, Stamp};
use jiff::Timestamp;
use platform::new_id;
use platform::testing::principal;

use super::*;

fn stamp() -> Stamp {
    Stamp { at: Timestamp::UNIX_EPOCH, by: Actor::Platform }
}

fn comment_of(author: UserId) -> Comment {
    let (id, post) = (new_id(CommentId::from_uuid), new_id(PostId::from_uuid));
    let text = "Well said.".to_owned().try_into().unwrap();
    Comment::post(NewComment { id, post, root: None, author, text }, true, stamp()).next
}

fn after(comment: &Comment, command: Command) -> Comment {
    comment.decide(command, stamp()).unwrap().next
}

#[test]
fn what_waits_or_is_spam_is_seen_by_its_author_and_by_moderators_alone() {
    let author = new_id(UserId::from_uuid);
    let own = principal(author, BuiltInRole::Member.permissions());
    let other = principal(new_id(UserId::from_uuid), BuiltInRole::Author.permissions());
    let moderator = principal(new_id(UserId::from_uuid), BuiltInRole::Editor.permissions());
    let pending = comment_of(author);
    let [approved, spam] = [domain::comment::CommentStatus::Approved, domain::comment::CommentStatus::Spam]
        .map(|status| after(&pending, Command::Moderate(status)));
    let deleted = after(&approved, Command::Delete);
    for (comment, expected) in [
        (&pending, [true, false, true]),
        (&approved, [true, true, true]),
        (&spam, [true, false, true]),
        (&deleted, [false, false, false]),
    ] {
        let seen = [own, other, moderator].map(|principal| visible_to(principal, comment));
        assert_eq!(seen, expected, "{}", comment.status);
    }
}

#[test]
fn authors_change_their_own_comments_and_moderators_delete_all() {
    let author = new_id(UserId::from_uuid);
    let own = principal(author, BuiltInRole::Member.permissions());
    let other = principal(new_id(UserId::from_uuid), BuiltInRole::Author.permissions());
    let moderator = principal(new_id(UserId::from_uuid), BuiltInRole::Editor.permissions());
    let silenced = principal(author, PermissionSet::NONE);
    let comment = comment_of(author);
    for (principal, edits, deletes) in
        [(own, true, true), (other, false, false), (moderator, false, true), (silenced, true, false)]
    {
        assert_eq!(require_own(principal, &comment).is_ok(), edits);
        assert_eq!(require_own_or_moderator(principal, &comment).is_ok(), deletes);
    }
}
