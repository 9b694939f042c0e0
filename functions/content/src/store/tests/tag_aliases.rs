//! Names of tags that lead to others, and the progress of jobs.

use domain::id::TagJobId;
use domain::tag_job::{TagJob, TagTally};
use platform::table::namespace::content::POSTS;
use platform::table::{Condition, SortKey};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::*;
use crate::store::tag_jobs::{self, Progress};

const NAMES: [&str; 5] = ["News", "Latest", "Rust", "Steps", "Small"];

fn tag(name: &str) -> Tag {
    text::<TagName>(name).into()
}

/// A job that gives the one tag the name of the other.
async fn job(scope: &Scope, from: &str, into: &str) -> Progress {
    let id = new_id(TagJobId::from_uuid);
    let decision = match tag(from).slug == tag(into).slug {
        true => TagJob::rename(id, &tag(from), text(into), false, stamp(0)).unwrap(),
        false => TagJob::merge(id, &tag(from), tag(into), stamp(0)).unwrap(),
    };
    tag_jobs::create(scope, &Decided::first(decision), &context(at(0))).await.unwrap();
    tag_jobs::get(scope, id).await.unwrap().unwrap()
}

async fn present(scope: &Scope, names: &[&str]) -> Vec<String> {
    let tags = resolved(scope, &tags(names)).await.unwrap();
    tags.iter().map(|tag| tag.name.as_str().to_owned()).collect()
}

#[tokio::test]
async fn a_name_of_before_leads_to_the_present_one_of_its_own_tenant() {
    let world = World::start(Table::new).await;
    let (scope, other) = (world.scope(), world.scope());
    job(&scope, "News", "Latest").await;
    job(&scope, "Latest", "LATEST").await;
    job(&scope, "Rust language", "Rust").await;
    let asked = ["Steps", "news", "Rust Language", "latest", "rust"];
    assert_eq!(present(&scope, &asked).await, ["Steps", "LATEST", "Rust"]);
    assert_eq!(present(&other, &["News", "latest"]).await, ["News", "latest"]);
    job(&scope, "Steps", "News").await;
    let asked = ["News", "Latest", "Steps"];
    assert_eq!(present(&scope, &asked).await, ["News", "LATEST"], "it is a tag of its own again");
}

/// Each job leads all that has led to its tag to the other one. No order of jobs makes a circle.
#[tokio::test]
async fn whatever_jobs_come_names_lead_to_one_tag_and_never_in_a_circle() {
    let world = World::start(Table::new).await;
    let mut runner = TestRunner::deterministic();
    let pair = (0..NAMES.len(), 0..NAMES.len()).prop_filter("two tags", |(from, into)| from != into);
    let jobs = proptest::collection::vec(pair, 1..12);
    for _ in 0..20 {
        let scope = world.scope();
        let mut leads: Vec<usize> = (0..NAMES.len()).collect();
        for (from, into) in jobs.new_tree(&mut runner).unwrap().current() {
            job(&scope, NAMES[from], NAMES[into]).await;
            (leads[into], leads[from]) = (into, into);
        }
        for (number, name) in NAMES.iter().enumerate() {
            let mut last = number;
            while leads[last] != last {
                last = leads[last];
            }
            assert_eq!(present(&scope, &[name]).await, [NAMES[last]], "{leads:?}");
        }
    }
}

/// Nobody waits until all posts of a large tenant were looked through.
#[tokio::test]
async fn a_tag_of_drafts_is_looked_for_among_so_many_posts_alone() {
    let world = World::start(Table::new).await;
    let scope = world.scope();
    let author = new_id(UserId::from_uuid);
    let fill = async |count: usize, names: &[&str]| {
        for chunk in (0..count).collect::<Vec<_>>().chunks(100) {
            let rows = chunk.iter().map(|_| {
                let value = Post {
                    content: Content { tags: tags(names), ..content(author, "a") },
                    ..draft_of(author)
                };
                let key = SortKey::of(value.id);
                let row = scope.write(&POSTS.partition(), key, Condition::absent(), Conflict::Version);
                lists::described(row, &Versioned { value, version: Version::FIRST })
            });
            scope.commit(rows.collect()).await.unwrap();
        }
    };
    let known = async |name: &str| find_tag_of_any(&scope, &tag(name).slug).await.unwrap();
    let old = committed(&scope, created(author, "old")).await;
    project(&scope, old.value.id, old.version).await.unwrap();
    fill(600, &["Rust"]).await;
    assert!(matches!(known("News").await, Known::Tag(found) if found == tag("News")));
    assert!(matches!(known("Nothing").await, Known::No));
    fill(1_500, &["Rust"]).await;
    assert!(matches!(known("Nothing").await, Known::Perhaps));
}

#[tokio::test]
async fn of_two_messages_one_does_the_page() {
    let world = World::start(Table::new).await;
    let scope = world.scope();
    let first = job(&scope, "News", "Latest").await;
    let one = TagTally { changed: 1, ..TagTally::default() };
    let place = new_id(PostId::from_uuid).to_string().parse().unwrap();
    let after = first.job.value.clone().found(one, None);
    tag_jobs::go_on(&scope, &first, &after, Some(&place)).await.unwrap();
    let again = tag_jobs::go_on(&scope, &first, &after, Some(&place)).await;
    assert!(matches!(again, Err(StoreError::Conflict(Conflict::Version))), "{again:?}");
    let second = tag_jobs::get(&scope, after.id).await.unwrap().unwrap();
    assert_eq!((&second.job.value, second.passed.as_ref()), (&after, Some(&place)));
    let done = after.found(one, Some(at(9)));
    tag_jobs::go_on(&scope, &second, &done, None).await.unwrap();
    let late = tag_jobs::go_on(&scope, &second, &second.job.value, Some(&place)).await;
    assert!(matches!(late, Err(StoreError::Conflict(Conflict::Version))), "{late:?}");
    let read = tag_jobs::get(&scope, done.id).await.unwrap().unwrap();
    assert_eq!((read.job.value, read.passed), (done, None));
}
