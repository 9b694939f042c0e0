//! What a list can be asked, in memory and in the table.

use domain::post::{Criterion, ListedPost, PostStatus};
use domain::specification::{Match, Order};
use domain::text::SearchText;
use platform::table::namespace::content::POSTS;
use platform::table::{Condition, SortKey};
use platform::testing::any_specification;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::*;

const TAGS: [&str; 4] = ["News", "New", "Rust", "Small steps"];

fn user(number: u128) -> UserId {
    UserId::from_uuid(uuid::Uuid::from_u128(number))
}

fn any_time() -> impl Strategy<Value = Timestamp> {
    (0_i64..4).prop_map(|day| at(day * 86_400))
}

fn any_post() -> impl Strategy<Value = Post> {
    let titles = ["Åse’s small steps", "Small steps", "RUST in a year", "Straße"];
    let stage = prop_oneof![
        Just(Stage::Draft),
        any_time().prop_map(Stage::Scheduled),
        any_time().prop_map(Stage::Published),
    ];
    let authors = proptest::sample::subsequence((0..4_u128).map(user).collect::<Vec<_>>(), 1..4);
    let named = proptest::sample::subsequence(TAGS.to_vec(), 0..4);
    (any::<u128>(), select(titles.to_vec()), stage, authors, named, any::<bool>(), select(Visibility::ALL))
        .prop_map(|(id, title, stage, authors, named, is_featured, visibility)| Post {
            id: PostId::from_uuid(uuid::Uuid::from_u128(id)),
            content: Content {
                title: text(title),
                tags: tags(&named),
                authors: authors.try_into().unwrap(),
                is_featured,
                visibility,
                ..content(user(0), "a-slug")
            },
            stage,
            changed_at: at(9),
        })
}

fn any_criterion() -> impl Strategy<Value = Criterion> {
    let order = select(vec![Order::Above, Order::AtLeast, Order::Below, Order::AtMost]);
    let how = select(vec![Match::Whole, Match::Part, Match::Beginning]);
    let searched = select(vec!["small", "ASE", "strasse", "small steps", "year"])
        .prop_map(|text| SearchText::try_from(text.to_owned()).unwrap());
    prop_oneof![
        select(PostStatus::ALL).prop_map(Criterion::Status),
        (0..5_u128).prop_map(|number| Criterion::Author(user(number))),
        select(TAGS.to_vec()).prop_map(|name| Criterion::Tag(text::<TagName>(name).slug())),
        (order, any_time()).prop_map(|(order, at)| Criterion::Time(order, at)),
        (how, searched).prop_map(|(how, searched)| Criterion::Title(how, searched)),
        select(Visibility::ALL).prop_map(Criterion::Visibility),
        any::<bool>().prop_map(Criterion::Featured),
    ]
}

#[tokio::test]
async fn what_is_asked_of_posts_tests_and_queries_alike() {
    let world = World::start(Table::new).await;
    let scope = world.scope();
    let mut runner = TestRunner::deterministic();
    let row =
        |id: PostId| scope.write(&POSTS.partition(), SortKey::of(id), Condition::absent(), Conflict::Version);
    for _ in 0..40 {
        let value = any_post().new_tree(&mut runner).unwrap().current();
        let post = Versioned { value, version: Version::FIRST };
        scope.commit(vec![lists::described(row(post.value.id), &post)]).await.unwrap();
    }
    // One was deleted.
    let gone = PostId::from_uuid(uuid::Uuid::from_u128(7));
    scope.commit(vec![row(gone).at_version(Version::FIRST)]).await.unwrap();
    let listed = async |specification, by_publication| {
        let query = Query {
            part: Part::All,
            specification,
            by_publication,
            conceals: false,
            cursor: None,
            limit: 100,
        };
        list(&scope, query).await.unwrap().items
    };
    let all = listed(None, false).await;
    assert_eq!(all.len(), 40);
    for _ in 0..200 {
        let asked = any_specification(any_criterion()).new_tree(&mut runner).unwrap().current();
        let mut expected: Vec<ListedPost> =
            all.iter().filter(|post| asked.holds(&|criterion| post.meets(criterion))).cloned().collect();
        assert_eq!(listed(Some(asked.clone()), false).await, expected, "{asked:?}");
        expected.retain(|post| post.status == PostStatus::Published);
        expected.sort_by_key(|post| std::cmp::Reverse((post.time, post.id)));
        assert_eq!(listed(Some(asked.clone()), true).await, expected, "{asked:?}");
    }
}
