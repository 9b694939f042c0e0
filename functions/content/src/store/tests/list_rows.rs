//! The lists of posts, whichever way their versions come.

use domain::post::ContentChanges;
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

async fn own(scope: &Scope, by_publication: bool) -> Vec<PostId> {
    let query = Query { part: Part::All, specification: None, by_publication, cursor: None, limit: 10 };
    list(scope, query).await.unwrap().items.iter().map(|post| post.id).collect()
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
