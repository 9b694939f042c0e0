//! The lists of posts, whichever way their versions come.

use domain::post::{ContentChanges, Criterion};
use domain::specification::Specification;
use platform::table::namespace::content::{POSTS, POSTS_BY, TAGGED, TAGS};
use platform::table::{Attribute, By, Listing, Partition, SortKey};

use super::*;

/// The ids that a partition lists, of published posts by publication.
async fn listed(scope: &Scope, partition: &Partition) -> Vec<PostId> {
    let listing = Listing { by: By::Order, limit: 10, ..Listing::default() };
    let rows = scope.list(partition, listing).await.unwrap().items;
    rows.iter().map(|row| row.id().unwrap()).collect()
}

async fn count(scope: &Scope, tag: &str) -> i64 {
    let row = scope.get(&TAGS.partition(), &SortKey::of(tag)).await.unwrap();
    row.map_or(0, |row| row.number(Attribute::new("count")).unwrap())
}

/// What is asked where nothing is filtered.
fn all(by_publication: bool, limit: usize) -> Query {
    Query { part: Part::All, specification: None, by_publication, conceals: false, cursor: None, limit }
}

async fn own(scope: &Scope, by_publication: bool) -> Vec<PostId> {
    list(scope, all(by_publication, 10)).await.unwrap().items.iter().map(|post| post.id).collect()
}

/// A post that the lists know.
async fn projected(scope: &Scope, slug: &str, author: UserId) -> Versioned<Post> {
    let post = committed(scope, created(author, slug)).await;
    project(scope, post.value.id, post.version).await.unwrap();
    post
}

#[tokio::test]
async fn a_page_goes_on_behind_posts_that_were_deleted() {
    let world = World::start(Table::new).await;
    let scope = world.scope();
    let author = new_id(UserId::from_uuid);
    let mut posts = Vec::new();
    for number in 0..12 {
        posts.push(projected(&scope, &format!("post-{number}"), author).await);
    }
    for post in &posts[4..] {
        deleted(&scope, post).await;
        project(&scope, post.value.id, post.version.next()).await.unwrap();
    }
    let expected: Vec<PostId> = posts[..4].iter().rev().map(|post| post.value.id).collect();
    let mut found = Vec::new();
    let mut query = all(false, 3);
    loop {
        let page = list(&scope, Query { limit: 3, ..query }).await.unwrap();
        let is_last = page.next_cursor.is_none();
        assert!(is_last || page.items.len() == 3, "{} of 3", page.items.len());
        found.extend(page.items.iter().map(|post| post.id));
        let Some(next) = page.next_cursor else { break };
        query = Query { cursor: Some(next.position(false).unwrap()), ..all(false, 3) };
    }
    assert_eq!(found, expected);
}

/// Whatever the size of the pages, all that may be seen is listed once, and no cursor has the id of another post.
#[tokio::test]
async fn cursors_do_not_tell_of_posts_that_are_concealed() {
    let world = World::start(Table::new).await;
    let scope = world.scope();
    let [own, other] = [(); 2].map(|()| new_id(UserId::from_uuid));
    let (mut seen, mut concealed) = (Vec::new(), Vec::new());
    for (number, is_own) in [false, true, false, false, true, true, false, false].into_iter().enumerate() {
        let author = if is_own { own } else { other };
        let post = projected(&scope, &format!("post-{number}"), author).await.value.id;
        if is_own { seen.push(post) } else { concealed.push(post) }
    }
    seen.reverse();
    for limit in 1..=5 {
        let (mut found, mut cursor) = (Vec::new(), None);
        loop {
            let specification = Some(Specification::leaf(Criterion::Author(own)));
            let query = Query { specification, conceals: true, cursor, ..all(false, limit) };
            let page = list(&scope, query).await.unwrap();
            found.extend(page.items.iter().map(|post| post.id));
            let Some(next) = page.next_cursor else { break };
            assert!(concealed.iter().all(|id| next.to_string() != id.to_string()), "{next}");
            cursor = Some(next.position(false).unwrap());
        }
        assert_eq!(found, seen, "{limit}");
    }
}

/// A draft that is published, loses a tag, comes back, is published anew with another author, and is deleted; in each
/// order in which its versions may be handled, and each of them twice.
#[tokio::test]
async fn versions_in_any_order_leave_what_the_last_one_says() {
    let world = World::start(Table::new).await;
    let [ada, ben] = [(); 2].map(|()| new_id(UserId::from_uuid));
    let other_tags =
        Command::Edit(Box::new(ContentChanges { tags: Some(tags(&["News"])), ..Default::default() }));
    let other_author =
        Command::Edit(Box::new(ContentChanges { authors: Some(ben.into()), ..Default::default() }));
    let commands = [Command::Publish, other_tags, Command::Unpublish, Command::Publish, other_author];
    for order in [[1, 2, 3, 4, 5, 6], [6, 5, 4, 3, 2, 1], [2, 6, 1, 4, 3, 5], [5, 3, 1, 6, 4, 2]] {
        let scope = world.scope();
        let mut post = committed(&scope, created(ada, "learned")).await;
        for (seconds, command) in commands.iter().enumerate() {
            post = committed(&scope, decided(&post, command.clone(), seconds as i64)).await;
        }
        let id = post.value.id;
        for number in order.into_iter().chain(order) {
            project(&scope, id, Version::from_number(number).unwrap()).await.unwrap();
        }
        assert_eq!((own(&scope, true).await, own(&scope, false).await), (vec![id], vec![id]), "{order:?}");
        assert_eq!(listed(&scope, &POSTS_BY.of(ben)).await, [id], "{order:?}");
        assert!(listed(&scope, &POSTS_BY.of(ada)).await.is_empty(), "{order:?}: a former author");
        assert_eq!(listed(&scope, &TAGGED.of_tag(&text("news"))).await, [id], "{order:?}");
        assert!(listed(&scope, &TAGGED.of_tag(&text("small-steps"))).await.is_empty(), "{order:?}");
        assert_eq!((count(&scope, "news").await, count(&scope, "small-steps").await), (1, 0), "{order:?}");

        deleted(&scope, &post).await;
        project(&scope, id, post.version.next()).await.unwrap();
        project(&scope, id, post.version).await.unwrap();
        assert!(own(&scope, true).await.is_empty() && own(&scope, false).await.is_empty(), "{order:?}");
        assert!(listed(&scope, &POSTS.partition()).await.is_empty(), "{order:?}");
        assert_eq!(count(&scope, "news").await, 0, "{order:?}");
    }
}

#[tokio::test]
async fn a_version_that_is_not_there_yet_is_handled_later() {
    let world = World::start(Table::new).await;
    let scope = world.scope();
    let post = committed(&scope, created(new_id(UserId::from_uuid), "learned")).await;
    let early = project(&scope, post.value.id, post.version.next()).await;
    assert!(matches!(early, Err(platform::events::Failure::Transient(_))), "{early:?}");
}
