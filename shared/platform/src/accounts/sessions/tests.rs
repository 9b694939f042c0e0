use domain::person::Person;
use domain::user::Command;
use domain::{Actor, Stamp, Version};
use jiff::SignedDuration;
use serde_json::{Value, json};
use store_world::World;

use super::*;
use crate::new_id;
use crate::testing::Table;

const THIRTY_DAYS: i64 = 30 * 24 * 60 * 60;

/// In the year 2100: the table deletes what has expired.
fn at(second: i64) -> Timestamp {
    Timestamp::from_second(4_102_444_800 + second).unwrap()
}

fn user() -> User {
    let [name, email] = ["Ada", "ada@acme.example"].map(str::to_owned);
    let (person, email) = (Person::named(name.try_into().unwrap()), email.try_into().unwrap());
    User::admin(new_id(UserId::from_uuid), person, email, stamp(at(0))).next
}

fn stamp(at: Timestamp) -> Stamp {
    Stamp { at, by: Actor::Operator { principal: None } }
}

async fn begin(scope: &Scope, user: &User, now: Timestamp) -> RefreshToken {
    let (slug, id) = ("acme".to_owned().try_into().unwrap(), new_id(SessionId::from_uuid));
    let began_with = (user.valid_from, Device::from_user_agent("curl/8.9.1"));
    scope.sessions().begin(slug, (user.id, id), began_with, now).await.unwrap().0
}

/// The digests of the user's open sessions.
async fn open(scope: &Scope, user: &User, now: Timestamp) -> Vec<SessionDigest> {
    scope.sessions().open(user, now).await.unwrap().iter().map(SessionRecord::digest).collect()
}

fn digest(token: &RefreshToken) -> SessionDigest {
    SessionDigest::of(token.session())
}

#[tokio::test]
async fn a_session_is_open_for_thirty_days_and_last_used_when_it_was_refreshed() {
    let world = World::start(Table::new).await;
    let (scope, user) = (world.scope(), user());
    let token = begin(&scope, &user, at(0)).await;
    let record = || async { scope.sessions().get(user.id, token.session()).await.unwrap().unwrap() };
    let begun = record().await;
    assert!(begun.is_open(at(0)) && begun.is_open(at(THIRTY_DAYS - 1)) && !begun.is_open(at(THIRTY_DAYS)));
    assert_eq!(
        (begun.seconds_left(at(0)), begun.begun_at(), begun.last_used_at()),
        (THIRTY_DAYS, at(0), at(0))
    );
    let refreshed_at = at(900) + SignedDuration::from_millis(345);
    scope.sessions().rotate(&begun, &token.next().unwrap(), refreshed_at).await.unwrap();
    let refreshed = record().await;
    assert_eq!((refreshed.begun_at(), refreshed.last_used_at()), (at(0), at(900)));
    assert_eq!(refreshed.device().unwrap().as_str(), "curl/8.9.1");
    assert!(open(&scope, &user, at(THIRTY_DAYS)).await.is_empty());
}

/// Also the one whose log-in has read the user before, and has stored it since, and one whose function's clock is fast.
#[tokio::test]
async fn all_sessions_of_a_user_end_together_by_no_clock() {
    let world = World::start(Table::new).await;
    let (scope, before) = (world.scope(), user());
    for now in [at(1), at(3_600)] {
        begin(&scope, &before, now).await;
    }
    let after = before.decide(Command::ChangePassword, stamp(at(2))).unwrap().next;
    begin(&scope, &before, at(3)).await;
    assert_eq!(open(&scope, &before, at(4)).await.len(), 3);
    let next = begin(&scope, &after, at(1)).await;
    assert_eq!(open(&scope, &after, at(4)).await, [digest(&next)]);
}

#[tokio::test]
async fn of_one_user_s_sessions_one_or_all_others_end_and_twice_is_once() {
    let world = World::start(Table::new).await;
    let (scope, elsewhere) = (world.scope(), world.scope());
    let (ada, eve) = (user(), user());
    let [first, second, third] = [
        begin(&scope, &ada, at(0)).await,
        begin(&scope, &ada, at(0)).await,
        begin(&scope, &ada, at(0)).await,
    ];
    let eves = begin(&scope, &eve, at(0)).await;
    let end = async |scope: &Scope, token: &RefreshToken| {
        scope.sessions().end_named(ada.id, digest(token), at(9)).await.unwrap()
    };
    assert!(!end(&scope, &eves).await && !end(&elsewhere, &first).await);
    assert!(end(&scope, &first).await && end(&scope, &first).await);
    assert_eq!(open(&scope, &ada, at(9)).await, [digest(&third), digest(&second)]);
    for _ in 0..2 {
        scope.sessions().end_others(ada.id, digest(&second), at(9)).await.unwrap();
        assert_eq!(open(&scope, &ada, at(9)).await, [digest(&second)]);
    }
    assert_eq!(open(&scope, &eve, at(9)).await, [digest(&eves)]);
    for ended in [&first, &third] {
        let (partition, key) = mark_of_end(ada.id, digest(ended));
        assert!(scope.get(&partition, &key).await.unwrap().is_some());
        assert!(scope.sessions().get(ada.id, ended.session()).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn a_refresh_that_comes_between_neither_saves_a_session_nor_fails_its_end() {
    let world = World::start(Table::new).await;
    let (scope, user) = (world.scope(), user());
    let token = begin(&scope, &user, at(0)).await;
    let sessions = scope.sessions();
    let read = sessions.get(user.id, token.session()).await.unwrap().unwrap();
    sessions.rotate(&read, &token.next().unwrap(), at(1)).await.unwrap();
    sessions.end_read(&read, at(2)).await.unwrap();
    assert!(open(&scope, &user, at(2)).await.is_empty());
    // And the other way round: what has ended is not written again.
    let late = sessions.rotate(&read, &token.next().unwrap(), at(3)).await;
    assert!(matches!(late, Err(StoreError::Conflict(_))));
}

#[tokio::test]
async fn whoever_signs_in_once_too_often_ends_the_oldest_session() {
    let world = World::start(Table::new).await;
    let (scope, user) = (world.scope(), user());
    let mut begun = Vec::new();
    for _ in 0..102 {
        begun.push(begin(&scope, &user, at(0)).await);
    }
    let newest = begun.last().unwrap();
    scope.sessions().end_surplus((user.id, newest.session()), at(1)).await.unwrap();
    let expected: Vec<_> = begun[2..].iter().rev().map(digest).collect();
    assert_eq!(open(&scope, &user, at(1)).await, expected);
    assert_eq!(scope.sessions().all(user.id).await.unwrap().len(), 100);
    let mark = world.mark();
    scope.sessions().end_surplus((user.id, newest.session()), at(1)).await.unwrap();
    assert_eq!(world.since(mark).len(), 1, "nothing is left to end");
}

/// As version 4 of the local data, and AWS, have them.
#[tokio::test]
async fn sessions_of_before_are_read() {
    let world = World::start(Table::new).await;
    let (scope, user) = (world.scope(), user());
    let put = async |document: Value| {
        let id = new_id(SessionId::from_uuid);
        let state = (Version::FIRST.next(), &document);
        let place = (SESSIONS.of(user.id), sort_key(id));
        let write = scope.write_state(&place.0, place.1, Condition::absent(), Conflict::Version, state);
        let write = write.unwrap().number(EXPIRES_AT, at(THIRTY_DAYS).as_second());
        scope.commit(vec![write]).await.unwrap();
        id
    };
    let of_before = json!({ "secret": "0".repeat(64), "passwordOf": user.valid_from });
    let mut ended = of_before.clone();
    ended["ended"] = json!(true);
    let (ended, stands) = (put(ended).await, put(of_before).await);
    let [record] = <[_; 1]>::try_from(scope.sessions().open(&user, at(5)).await.unwrap()).ok().unwrap();
    assert_eq!(
        (record.digest(), record.begun_at(), record.last_used_at()),
        (SessionDigest::of(stands), at(0), at(0))
    );
    assert!(record.device().is_none());
    for id in [ended, stands] {
        assert!(scope.sessions().end_named(user.id, SessionDigest::of(id), at(9)).await.unwrap());
    }
    assert!(open(&scope, &user, at(9)).await.is_empty());
}
