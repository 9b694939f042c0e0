use uuid::Uuid;

use super::*;
use crate::Actor;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_772_600_000 + seconds).unwrap()
}

fn stamp(seconds: i64) -> Stamp {
    Stamp { at: at(seconds), by: Actor::Platform }
}

fn text(text: &str) -> CommentText {
    text.to_owned().try_into().unwrap()
}

fn written(waits: bool, root: Option<CommentId>) -> CommentDecision {
    let new = NewComment {
        id: CommentId::from_uuid(Uuid::from_u128(2)),
        post: PostId::from_uuid(Uuid::from_u128(1)),
        root,
        author: UserId::from_uuid(Uuid::from_u128(3)),
        text: text("Well said."),
    };
    Comment::post(new, waits, stamp(0))
}

fn after(comment: &Comment, command: Command) -> Comment {
    comment.decide(command, stamp(1)).unwrap().next
}

#[test]
fn a_comment_waits_where_it_has_to_and_an_edit_lets_it_wait_again() {
    let shown = written(false, None);
    assert_eq!((shown.next.status, shown.events.len()), (CommentStatus::Approved, 2), "posted and approved");
    let pending = written(true, None).next;
    assert_eq!((pending.status, pending.was_approved), (CommentStatus::Pending, false));
    let approved = after(&pending, Command::Moderate(CommentStatus::Approved));
    assert_eq!((approved.status, approved.was_approved), (CommentStatus::Approved, true));
    for (waits, expected) in [(true, CommentStatus::Pending), (false, CommentStatus::Approved)] {
        let edited = after(&approved, Command::Edit { text: text("Better said."), waits });
        assert_eq!(
            (edited.status, edited.text, edited.edited_at),
            (expected, Some(text("Better said.")), Some(at(1)))
        );
    }
}

#[test]
fn every_event_says_what_the_status_is_and_nothing_of_the_text() {
    let pending = written(true, None).next;
    for (command, expected) in [
        (Command::Edit { text: text("Secret"), waits: true }, "comment.edited"),
        (Command::Moderate(CommentStatus::Spam), "comment.moderated"),
        (Command::Moderate(CommentStatus::Approved), "comment.approved"),
        (Command::Moderate(CommentStatus::Deleted), "comment.deleted"),
        (Command::Delete, "comment.deleted"),
    ] {
        let events = pending.decide(command, stamp(1)).unwrap().events;
        let names: Vec<&str> = events.iter().map(|event| event.event_type().as_str()).collect();
        assert_eq!(names, [expected]);
        assert!(!format!("{events:?}").contains("ecret"));
    }
}

/// People are told of `comment.approved`.
#[test]
fn what_a_comment_says_is_approved_for_the_first_time_once() {
    let approve = |comment: &Comment| {
        let decision = comment.decide(Command::Moderate(CommentStatus::Approved), stamp(3)).unwrap();
        assert!(decision.next.is_approved());
        (decision.events[0].event_type().as_str(), decision.next.approved_at)
    };
    let edit = |waits| Command::Edit { text: text("Better said."), waits };
    let shown = written(false, None).next;
    let edited = after(&shown, edit(false));
    for told in [&shown, &edited] {
        assert_eq!(told.approved_at, Some(at(0)));
        let spam = after(told, Command::Moderate(CommentStatus::Spam));
        assert_eq!(approve(&spam), ("comment.moderated", Some(at(0))));
    }
    let waiting = after(&shown, edit(true));
    let sorted = after(&waiting, Command::Moderate(CommentStatus::Spam));
    for unseen in [&written(true, None).next, &waiting, &sorted] {
        assert_eq!(approve(unseen), ("comment.approved", Some(at(3))), "{unseen:?}");
    }
}

#[test]
fn nothing_is_left_of_a_deleted_comment_and_it_changes_no_more() {
    let deleted = after(&written(false, None).next, Command::Delete);
    assert_eq!((deleted.status, &deleted.text), (CommentStatus::Deleted, &None));
    for command in [
        Command::Delete,
        Command::Moderate(CommentStatus::Approved),
        Command::Moderate(CommentStatus::Deleted),
        Command::Edit { text: text("Again"), waits: false },
    ] {
        assert_eq!(deleted.decide(command, stamp(2)).unwrap_err(), CommentRefusal::Deleted);
    }
}

#[test]
fn spam_is_not_edited_and_what_is_so_already_is_refused() {
    let spam = after(&written(true, None).next, Command::Moderate(CommentStatus::Spam));
    let edit = Command::Edit { text: text("Again"), waits: false };
    assert_eq!(spam.decide(edit, stamp(2)).unwrap_err(), CommentRefusal::Spam);
    let again = spam.decide(Command::Moderate(CommentStatus::Spam), stamp(2));
    assert_eq!(again.unwrap_err(), CommentRefusal::Already(CommentStatus::Spam));
}

#[test]
fn a_root_that_was_approved_keeps_its_place_and_a_reply_does_not() {
    let reply = Some(CommentId::from_uuid(Uuid::from_u128(9)));
    for (root, expected) in [(None, true), (reply, false)] {
        let approved = written(false, root).next;
        assert!(approved.has_place());
        for status in [CommentStatus::Spam, CommentStatus::Deleted, CommentStatus::Pending] {
            assert_eq!(after(&approved, Command::Moderate(status)).has_place(), expected, "{status}");
        }
        let pending = written(true, root).next;
        assert!(!pending.has_place());
        assert!(!after(&pending, Command::Delete).has_place());
    }
}

#[test]
fn comments_are_open_for_so_many_days_after_the_publication() {
    let day = 24 * 60 * 60;
    let never = CommentRules::default();
    let three = CommentRules { closed_after_days: Some(3.try_into().unwrap()), ..CommentRules::default() };
    assert_eq!(never.require_open(None, at(0)), Err(CommentRefusal::NotPublished));
    assert_eq!(never.require_open(Some(at(0)), at(9_000 * day)), Ok(()));
    assert_eq!(three.require_open(Some(at(0)), at(3 * day - 1)), Ok(()));
    assert_eq!(three.require_open(Some(at(0)), at(3 * day)), Err(CommentRefusal::Closed(3)));
    assert_eq!(three.require_open(Some(at(day)), at(3 * day)), Ok(()), "it was published anew");
}

#[test]
fn a_text_is_admitted_up_to_the_length_and_without_blocked_words() {
    let words: Vec<crate::text::BlockedWord> = vec!["casino".to_owned().try_into().unwrap()];
    let rules = CommentRules {
        longest: 10.try_into().unwrap(),
        blocked_words: words.try_into().unwrap(),
        ..CommentRules::default()
    };
    assert_eq!(rules.admit(&text("ünïcödé: 8")), Ok(()));
    assert_eq!(rules.admit(&text("ten and 1 …")), Err(TextRefusal::TooLong(10)));
    assert_eq!(rules.admit(&text("A Casino!")), Err(TextRefusal::Blocked("casino".to_owned())));
}

#[test]
fn rules_that_are_left_out_have_their_defaults_and_unknown_ones_are_refused() {
    let read = |json: serde_json::Value| serde_json::from_value::<CommentRules>(json);
    assert_eq!(read(serde_json::json!({})).unwrap(), CommentRules::default());
    assert!(!read(serde_json::json!({ "premoderation": false })).unwrap().premoderation);
    for broken in [
        serde_json::json!({ "closedAfterDays": 0 }),
        serde_json::json!({ "longest": 10_001 }),
        serde_json::json!({ "blockedWords": vec!["word"; 201] }),
        serde_json::json!({ "other": 1 }),
    ] {
        assert!(read(broken.clone()).is_err(), "{broken}");
    }
}
