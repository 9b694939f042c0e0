use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::*;
use crate::Actor;
use crate::id::UserId;
use crate::text::{Markdown, TagName};

fn text<T: TryFrom<String>>(text: &str) -> T
where
    T::Error: std::fmt::Debug,
{
    text.to_owned().try_into().unwrap()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_000_000_000 + seconds).unwrap()
}

fn stamp(seconds: i64) -> Stamp {
    Stamp { at: at(seconds), by: Actor::User { id: ada() } }
}

fn ada() -> UserId {
    UserId::from_uuid(Uuid::from_u128(7))
}

fn body(markdown: &str) -> Body {
    let markdown: Markdown = text(markdown);
    Body { html: format!("<p>{}</p>", markdown.as_str()), beginning: markdown.as_str().to_owned(), markdown }
}

fn tags(names: &[&str]) -> Tags {
    let tags: Vec<Tag> = names.iter().map(|name| Tag::from(text::<TagName>(name))).collect();
    tags.try_into().unwrap()
}

fn draft() -> Post {
    let content = Content {
        title: text("What we have learned"),
        slug: text("what-we-have-learned"),
        body: body("A year of small steps."),
        excerpt: None,
        tags: tags(&["Steps"]),
        authors: ada().into(),
        is_featured: false,
        seo: Seo::default(),
        visibility: Visibility::Public,
    };
    Post::create(PostId::from_uuid(Uuid::from_u128(1)), content, stamp(0)).next
}

fn after(post: &Post, command: Command, seconds: i64) -> Post {
    post.decide(command, stamp(seconds)).unwrap().next
}

#[test]
fn an_edit_changes_what_it_names_and_its_event_tells_no_text() {
    let changes = ContentChanges {
        title: Some(text("Something else")),
        excerpt: Some(Some(text("In short."))),
        visibility: Some(Visibility::Public),
        ..ContentChanges::default()
    };
    let decision = draft().decide(Command::Edit(Box::new(changes)), stamp(5)).unwrap();
    let changed = vec![PostField::Title, PostField::Excerpt];
    assert_eq!(decision.events, [Event::PostEdited(PostEdited { post: draft().id, changed })]);
    let edited = decision.next;
    assert_eq!((edited.summary(), draft().summary()), ("In short.", "A year of small steps."));
    assert_eq!(edited.changed_at, at(5));
    let emptied = ContentChanges { excerpt: Some(None), ..ContentChanges::default() };
    assert_eq!(after(&edited, Command::Edit(Box::new(emptied)), 6).summary(), draft().summary());
}

#[test]
fn a_post_goes_live_once_and_comes_back() {
    let live = after(&draft(), Command::Publish, 9);
    assert_eq!((live.stage, live.is_live()), (Stage::Published(at(9)), true));
    for command in [Command::Publish, Command::Schedule(at(20))] {
        assert_eq!(live.decide(command, stamp(10)), Err(PostRefusal::Published));
    }
    let edit =
        Command::Edit(Box::new(ContentChanges { body: Some(body("Another body.")), ..Default::default() }));
    assert_eq!(after(&live, edit, 10).stage, live.stage, "an edit goes live at once");
    let back = after(&live, Command::Unpublish, 11);
    assert_eq!(back.stage, Stage::Draft);
    assert_eq!(back.decide(Command::Unpublish, stamp(12)), Err(PostRefusal::Draft));
    assert_eq!(after(&back, Command::Publish, 13).stage, Stage::Published(at(13)));
}

#[test]
fn a_publication_is_scheduled_for_the_next_two_years() {
    let schedule = |at| draft().decide(Command::Schedule(at), stamp(0)).map(|decision| decision.next.stage);
    assert_eq!(schedule(at(-1)), Err(PostRefusal::Past));
    assert_eq!(schedule(at(0)), Err(PostRefusal::Past));
    assert_eq!(schedule(at(1)), Ok(Stage::Scheduled(at(1))));
    assert_eq!(schedule(at(0) + SignedDuration::from_hours(100 * 366 * 24)), Err(PostRefusal::TooLate));
    let scheduled = after(&draft(), Command::Schedule(at(60)), 0);
    assert_eq!(after(&scheduled, Command::Schedule(at(90)), 1).stage, Stage::Scheduled(at(90)));
    assert_eq!(after(&scheduled, Command::Publish, 2).stage, Stage::Published(at(2)));
}

#[test]
fn what_is_due_is_published_once_and_only_if_it_is_still_scheduled_for_that_time() {
    let scheduled = after(&draft(), Command::Schedule(at(60)), 0);
    let platform = |seconds| Stamp { by: Actor::Platform, ..stamp(seconds) };
    assert_eq!(scheduled.publish_due(at(60), platform(59)), None, "it is early");
    let published = scheduled.publish_due(at(60), platform(75)).unwrap();
    assert_eq!(published.next.stage, Stage::Published(at(60)), "it counts from when it was due");
    assert_eq!(published.next.publish_due(at(60), platform(76)), None, "it comes twice");
    let moved = after(&scheduled, Command::Schedule(at(90)), 1);
    assert_eq!(moved.publish_due(at(60), platform(75)), None, "it was moved meanwhile");
    assert_eq!(after(&scheduled, Command::Unpublish, 1).publish_due(at(60), platform(75)), None);
}

#[test]
fn what_is_restored_is_the_text_and_neither_address_nor_authors_nor_stage() {
    let first = draft();
    let ben = UserId::from_uuid(Uuid::from_u128(8));
    let changes = ContentChanges {
        title: Some(text("Something else")),
        slug: Some(text("something-else")),
        authors: Some(ben.into()),
        body: Some(body("Another body.")),
        ..ContentChanges::default()
    };
    let live = after(&after(&first, Command::Edit(Box::new(changes)), 1), Command::Publish, 2);
    let restored = after(&live, Command::Restore(Box::new(first.content.clone()), Version::FIRST), 3);
    let expected = Content { slug: text("something-else"), authors: ben.into(), ..first.content };
    assert_eq!((restored.content, restored.stage), (expected, live.stage));
}

#[test]
fn names_with_one_slug_are_one_tag_and_no_post_has_many() {
    let tags = tags(&["News", "news", "Rust", "NEWS!"]);
    assert_eq!(tags.iter().map(|tag| tag.name.as_str()).collect::<Vec<_>>(), ["News", "Rust"]);
    let merged = tags.replacing(&text("rust"), &Tag::from(text::<TagName>("News")));
    assert_eq!(merged.iter().count(), 1);
    let names: Vec<Tag> =
        (0..21).map(|number| Tag::from(text::<TagName>(&format!("Tag {number}")))).collect();
    assert!(Tags::try_from(names[..20].to_vec()).is_ok() && Tags::try_from(names.clone()).is_err());
    let most: Tags = names[..20].to_vec().try_into().unwrap();
    assert_eq!(most.adding(&names[3]), Ok(most.clone()), "it is there already");
    assert!(most.adding(&names[20]).is_err());
    assert_eq!(most.without(&names[3].slug).adding(&names[20]).map(|tags| tags.iter().count()), Ok(20));
    let users: Vec<UserId> = (0..11).map(|number| UserId::from_uuid(Uuid::from_u128(number))).collect();
    assert!(Authors::try_from(users[..10].to_vec()).is_ok() && Authors::try_from(users).is_err());
    assert!(Authors::try_from(Vec::new()).is_err());
}

/// A slow clock does not date a decision before the one that it was made on.
#[test]
fn times_of_a_post_never_run_backwards() {
    let edited = after(&draft(), Command::Edit(Box::default()), 50);
    assert_eq!(after(&edited, Command::Publish, 40).stage, Stage::Published(at(50)));
}
