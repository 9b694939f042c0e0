use domain::id::{PostId, UserId};
use domain::permission::PermissionSet;
use domain::post::Visibility;
use domain::text::TagSlug;
use platform::new_id;
use platform::testing::{any_specification, principal};
use proptest::prelude::*;
use proptest::sample::select;

use super::*;

fn user(number: u128) -> UserId {
    UserId::from_uuid(uuid::Uuid::from_u128(number))
}

fn tag(number: usize) -> TagSlug {
    ["news", "steps", "rust"][number % 3].parse().unwrap()
}

fn any_criterion() -> impl Strategy<Value = Criterion> {
    prop_oneof![
        select(PostStatus::ALL).prop_map(Criterion::Status),
        (0_u128..3).prop_map(|number| Criterion::Author(user(number))),
        (0_usize..3).prop_map(|number| Criterion::Tag(tag(number))),
        any::<bool>().prop_map(Criterion::Featured),
        select(Visibility::ALL).prop_map(Criterion::Visibility),
    ]
}

fn any_post() -> impl Strategy<Value = ListedPost> {
    (select(PostStatus::ALL), select(Visibility::ALL), any::<bool>(), 0_usize..8, 1_u128..8).prop_map(
        |(status, visibility, is_featured, tags, authors)| ListedPost {
            id: new_id(PostId::from_uuid),
            title: "A title".to_owned().try_into().unwrap(),
            slug: "a-title".parse().unwrap(),
            status,
            visibility,
            is_featured,
            tags: (0..3).filter(|bit| tags >> bit & 1 == 1).map(tag).collect(),
            authors: (0..3_u128)
                .filter(|bit| authors >> bit & 1 == 1)
                .map(user)
                .collect::<Vec<_>>()
                .try_into()
                .unwrap(),
            time: None,
            changed_at: jiff::Timestamp::UNIX_EPOCH,
        },
    )
}

/// Whether the row of the post stands in the part, as the projection writes it.
fn stands_in(post: &ListedPost, part: &Part, by_publication: bool) -> bool {
    let is_live = post.status == PostStatus::Published;
    let is_there = match part {
        Part::All => true,
        Part::Status(status) => post.status == *status,
        Part::Author(user) => post.authors.contains(*user),
        Part::Tag(slug) => is_live && post.tags.contains(slug),
    };
    is_there && (is_live || !by_publication)
}

proptest! {
    /// Whatever is asked for, a list shows those posts that it is asked for and that the caller may see, and no other.
    #[test]
    fn every_plan_lists_what_is_asked_for_and_may_be_seen(
        asked in proptest::option::of(any_specification(any_criterion())),
        by_publication in any::<bool>(),
        manages in any::<bool>(),
        posts in proptest::collection::vec(any_post(), 1..12),
    ) {
        let permissions = if manages { Permission::PostsManage.into() } else { PermissionSet::NONE };
        let caller = principal(user(0), permissions);
        let (part, specification) = plan(asked.clone(), by_publication, caller);
        for post in posts {
            let is_live = post.status == PostStatus::Published;
            let is_visible = manages || is_live || post.authors.contains(user(0));
            let is_asked = asked.as_ref().is_none_or(|asked| asked.holds(&|one| post.meets(one)));
            let expected = is_visible && is_asked && (is_live || !by_publication);
            let passes = specification.as_ref().is_none_or(|all| all.holds(&|one| post.meets(one)));
            let is_listed = stands_in(&post, &part, by_publication) && passes;
            prop_assert_eq!(is_listed, expected, "{:?} {:?} {:?}", post, part, specification);
        }
    }
}

#[test]
fn what_is_not_published_is_listed_by_its_creation() {
    for (text, expected) in [
        ("featured:true", PostOrder::Published),
        ("status:published", PostOrder::Published),
        ("status:draft", PostOrder::Created),
        ("status:-published", PostOrder::Created),
        ("status:-draft", PostOrder::Created),
        ("status:[published,scheduled]", PostOrder::Created),
        ("featured:true+status:-[published,draft]", PostOrder::Created),
    ] {
        let filter = PostFilter::try_from(text.to_owned()).unwrap();
        assert_eq!(default_order(Some(filter.specification())), expected, "{text}");
    }
    assert_eq!(default_order(None), PostOrder::Published);
}

#[test]
fn the_smallest_part_is_read_and_nothing_is_filtered_that_holds_anyway() {
    let member = principal(user(0), PermissionSet::NONE);
    let filter = |text: &str| Some(PostFilter::try_from(text.to_owned()).unwrap().specification().clone());
    let ada = format!("author:{}", user(0));
    for (text, by_publication, expected, is_filtered) in [
        ("status:published", true, Part::All, false),
        ("tag:news", true, Part::Tag(tag(0)), false),
        ("status:published+tag:news", true, Part::Tag(tag(0)), false),
        (&format!("{ada}+tag:news"), true, Part::Tag(tag(0)), true),
        (&ada, true, Part::Author(user(0)), false),
        (&ada, false, Part::Author(user(0)), false),
        (&format!("{ada}+status:draft"), false, Part::Author(user(0)), true),
        ("status:draft", false, Part::Status(PostStatus::Draft), true),
        ("status:published", false, Part::Status(PostStatus::Published), false),
        ("tag:news", false, Part::All, true),
        ("tag:news,tag:rust", true, Part::All, true),
        ("tag:-news", true, Part::All, true),
    ] {
        let (part, specification) = plan(filter(text), by_publication, member);
        assert_eq!((&part, specification.is_some()), (&expected, is_filtered), "{text}");
    }
}

#[test]
fn drafts_that_are_asked_for_are_listed_by_creation() {
    let order = |text: &str| {
        let filter = PostFilter::try_from(text.to_owned()).unwrap();
        default_order(Some(filter.specification()))
    };
    assert_eq!(default_order(None), PostOrder::Published);
    assert_eq!(order("status:published+tag:news"), PostOrder::Published);
    assert_eq!(order("tag:news,status:[draft,scheduled]"), PostOrder::Created);
}
