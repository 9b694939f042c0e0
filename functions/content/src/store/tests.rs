//! Posts over DynamoDB's protocol: committing, loading, slugs and lists.

mod list_rows;
mod queries;
mod tag_aliases;

use domain::Actor;
use domain::Stamp;
use domain::id::UserId;
use domain::post::{Body, Command, Content, Seo, Stage, Tag, Tags, Visibility};
use domain::text::{Markdown, PostSlug, TagName};
use jiff::Timestamp;
use platform::new_id;
use platform::table::Conflict;
use platform::testing::{Table, context, known};
use store_world::World;

use super::*;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_772_600_000 + seconds).unwrap()
}

fn stamp(seconds: i64) -> Stamp {
    Stamp { at: at(seconds), by: Actor::Platform }
}

fn text<T: TryFrom<String, Error: std::fmt::Debug>>(text: &str) -> T {
    text.to_owned().try_into().unwrap()
}

fn body(markdown: &str) -> Body {
    let markdown: Markdown = text(markdown);
    Body { html: format!("<p>{}</p>\n", markdown.as_str()), beginning: String::new(), markdown }
}

fn tags(names: &[&str]) -> Tags {
    names.iter().map(|name| Tag::from(text::<TagName>(name))).collect::<Vec<_>>().try_into().unwrap()
}

fn content(author: UserId, slug: &str) -> Content {
    Content {
        title: text("What we have learned"),
        slug: text(slug),
        body: body("A year of small steps."),
        excerpt: Some(text("In short.")),
        tags: tags(&["News", "Small steps"]),
        authors: author.into(),
        is_featured: false,
        seo: Seo { title: Some(text("Learned")), description: None },
        visibility: Visibility::Members,
    }
}

fn created(author: UserId, slug: &str) -> Decided<Post> {
    Decided::first(Post::create(new_id(PostId::from_uuid), content(author, slug), stamp(0)))
}

pub(crate) fn draft_of(author: UserId) -> Post {
    Post::create(
        new_id(PostId::from_uuid),
        content(author, "a-draft"),
        Stamp { at: Timestamp::UNIX_EPOCH, by: Actor::Platform },
    )
    .next
}

pub(crate) fn after(post: &Post, command: Command, stamp: Stamp) -> Post {
    post.decide(command, stamp).unwrap().next
}

fn decided(post: &Versioned<Post>, command: Command, seconds: i64) -> Decided<Post> {
    known(post.clone()).decide(|post| post.decide(command, stamp(seconds))).unwrap()
}

fn slug_of(slug: &str) -> Command {
    let slug = Some(text(slug));
    Command::Edit(Box::new(domain::post::ContentChanges { slug, ..Default::default() }))
}

async fn committed(scope: &Scope, decided: Decided<Post>) -> Versioned<Post> {
    match decided.before {
        None => create(scope, &decided, Claim::Chosen, &context(at(0))).await.unwrap(),
        Some(_) => commit(scope, &decided, &context(at(0))).await.unwrap(),
    }
    decided.next
}

async fn deleted(scope: &Scope, post: &Versioned<Post>) {
    let decided = known(post.clone()).decide(|post| Ok::<_, ()>(post.delete(stamp(9)))).unwrap();
    delete(scope, &decided, &context(at(9))).await.unwrap();
}

#[tokio::test]
async fn a_post_comes_back_as_it_was_decided_at_each_version_and_only_to_its_tenant() {
    let world = World::start(Table::new).await;
    let (scope, other) = (world.scope(), world.scope());
    let author = new_id(UserId::from_uuid);
    let first = committed(&scope, created(author, "learned")).await;
    let live = committed(&scope, decided(&first, Command::Publish, 5)).await;
    let id = first.value.id;
    assert_eq!(load(&scope, id).await.unwrap(), Some(live.clone()));
    assert_eq!(load_at(&scope, id, first.version).await.unwrap(), Some(first));
    assert_eq!(load_at(&scope, id, live.version.next()).await.unwrap(), None, "a version that is not there");
    assert_eq!(load(&other, id).await.unwrap(), None);
    let events = history(&scope, id, None, 10).await.unwrap().items;
    assert_eq!(events.len(), 2);

    let raced = commit(&scope, &decided(&live, Command::Unpublish, 6), &context(at(6))).await;
    raced.unwrap();
    let late = commit(&scope, &decided(&live, Command::Unpublish, 6), &context(at(6))).await;
    assert!(matches!(late, Err(StoreError::Conflict(Conflict::Version))), "{late:?}");
}

#[tokio::test]
async fn a_slug_is_one_post_s_and_finds_it_after_it_has_another_one() {
    let world = World::start(Table::new).await;
    let (scope, other) = (world.scope(), world.scope());
    let author = new_id(UserId::from_uuid);
    let slug: PostSlug = text("learned");
    let first = committed(&scope, created(author, "learned")).await;
    committed(&other, created(author, "learned")).await;
    let refused = create(&scope, &created(author, "learned"), Claim::Chosen, &context(at(0))).await;
    assert!(matches!(refused, Err(StoreError::Conflict(Conflict::Exists("slug")))), "{refused:?}");
    let numbered: [PostSlug; 2] = [text("learned"), text("learned-2")];
    assert_eq!(free(&scope, &numbered).await.unwrap(), numbered[1..]);

    let moved = committed(&scope, decided(&first, slug_of("learned-more"), 1)).await;
    assert_eq!(find(&scope, &slug).await.unwrap(), Some(first.value.id), "the former one");
    let back = committed(&scope, decided(&moved, slug_of("learned"), 2)).await;
    let moved = committed(&scope, decided(&back, slug_of("learned-most"), 3)).await;
    let second = committed(&scope, created(author, "learned")).await;
    assert_eq!(find(&scope, &slug).await.unwrap(), Some(second.value.id), "another post has taken it");

    deleted(&scope, &moved).await;
    assert_eq!(load(&scope, moved.value.id).await.unwrap(), None);
    assert_eq!(load_at(&scope, moved.value.id, moved.version).await.unwrap(), Some(moved));
    committed(&scope, created(author, "learned-most")).await;
}

/// Links to a post lead there until somebody decides otherwise by name.
#[tokio::test]
async fn a_title_takes_no_slug_that_another_post_has_had() {
    let world = World::start(Table::new).await;
    let scope = world.scope();
    let author = new_id(UserId::from_uuid);
    let derive = async |slug| create(&scope, &created(author, slug), Claim::Derived, &context(at(0))).await;
    let first = committed(&scope, created(author, "roadmap")).await;
    let moved = committed(&scope, decided(&first, slug_of("roadmap-2025"), 1)).await;
    for slug in ["roadmap", "roadmap-2025"] {
        let refused = derive(slug).await;
        assert!(matches!(refused, Err(StoreError::Conflict(Conflict::Exists("slug")))), "{refused:?}");
    }
    let slugs: [PostSlug; 2] = [text("roadmap"), text("roadmap-2")];
    assert_eq!(free(&scope, &slugs).await.unwrap(), slugs[1..]);

    // The slug of a post that is gone is of nobody.
    deleted(&scope, &moved).await;
    assert_eq!(find(&scope, &text("roadmap-2025")).await.unwrap(), None);
    derive("roadmap-2025").await.unwrap();
    assert!(find(&scope, &text("roadmap-2025")).await.unwrap().is_some());
}

/// Of two posts that take one slug at the same moment, one gets it.
#[tokio::test]
async fn two_posts_that_race_for_a_slug_do_not_both_get_it() {
    let world = World::start(Table::new).await;
    let scope = world.scope();
    let author = new_id(UserId::from_uuid);
    let [one, other] = [(); 2].map(|()| created(author, "learned"));
    let context = context(at(0));
    let create = |post| create(&scope, post, Claim::Chosen, &context);
    let both = tokio::join!(create(&one), create(&other));
    assert!(both.0.is_ok() != both.1.is_ok(), "{both:?}");
}

#[test]
fn every_state_is_read_as_it_was_written_and_another_form_waits() {
    let first = created(new_id(UserId::from_uuid), "learned").next.value;
    for stage in [Stage::Draft, Stage::Scheduled(at(7)), Stage::Published(at(8))] {
        let post = Post { stage, ..first.clone() };
        assert_eq!(stored::read(post.id, &stored::state(&post).unwrap()).unwrap(), post);
    }
    let mut newer = stored::state(&first).unwrap();
    newer[0] = 2;
    assert!(matches!(stored::read(first.id, &newer), Err(StoreError::Unknown(_))));
    for broken in [&[][..], &[1, 2, 3]] {
        assert!(matches!(stored::read(first.id, broken), Err(StoreError::Corrupt(_))));
    }
}

/// Words repeat. What does not fit is refused before it is written.
#[test]
fn the_largest_body_of_words_fits_into_an_item_and_one_of_noise_does_not() {
    let mut post = created(new_id(UserId::from_uuid), "learned").next.value;
    let mut noise: u64 = 1;
    let mut next = || {
        noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b'!' + (noise >> 33) as u8 % 94)
    };
    let longest: String = (0..256 * 1024).map(|_| next()).collect();
    let words: Vec<&str> = longest.as_bytes().chunks(5).flat_map(std::str::from_utf8).collect();
    let words: String = (0..40_000).map(|at| format!("{} ", words[at * at % 1_000])).collect();
    for (markdown, expected) in [(words.trim(), true), (longest.as_str(), false)] {
        post.content.body = body(markdown);
        println!("{} bytes of Markdown are {}", markdown.len(), stored::state(&post).unwrap().len());
        assert_eq!(fits(&post).unwrap(), expected);
    }
}
