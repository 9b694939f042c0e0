use jiff::Timestamp;
use uuid::Uuid;

use super::{Change, Command, User, UserRefusal, UserStatus};
use crate::event::{Event, UserDeleted, UserUpdated};
use crate::id::UserId;
use crate::person::{Person, PersonChanges};
use crate::role::{BuiltInRole, Roles};
use crate::text::{Email, PersonName};
use crate::{Actor, Stamp};

fn second(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn at(second: i64) -> Stamp {
    Stamp { at: self::second(second), by: Actor::Operator { principal: None } }
}

fn name(text: &str) -> PersonName {
    PersonName::try_from(text.to_owned()).unwrap()
}

fn admin() -> User {
    let email = Email::try_from("ada@acme.example".to_owned()).unwrap();
    let roles = BuiltInRole::Admin.into();
    User::register(UserId::from_uuid(Uuid::from_u128(1)), person("Ada"), email, roles, at(10)).next
}

fn person(text: &str) -> Person {
    Person::named(name(text))
}

fn named(text: &str) -> PersonChanges {
    PersonChanges { name: Some(name(text)), ..PersonChanges::default() }
}

fn of_status(status: UserStatus) -> User {
    User { status, ..admin() }
}

fn member() -> Roles {
    BuiltInRole::Member.into()
}

fn changed(user: &User, change: Change) -> User {
    user.change(change, at(20)).unwrap().next
}

#[test]
fn a_change_changes_what_it_names_alone() {
    let update = |person, roles| changed(&admin(), Change::Update { person, roles });
    assert_eq!(update(named("Eda"), None), User { person: person("Eda"), ..admin() });
    assert_eq!(update(PersonChanges::default(), Some(member())), User { roles: member(), ..admin() });
    let deactivated = User { status: UserStatus::Deactivated, ..admin() };
    assert_eq!(changed(&admin(), Change::Deactivate), deactivated);
    let ended = User { valid_from: second(20), ..admin() };
    assert_eq!(changed(&admin(), Change::EndSessions), ended);
    let after = |command| admin().decide(command, at(20)).unwrap().next;
    assert_eq!(after(Command::ChangePassword), User { valid_from: second(20), ..admin() });
    assert_eq!(after(Command::Update(named("Eda"))), User { person: person("Eda"), ..admin() });
}

#[test]
fn an_update_s_event_has_name_and_roles_whatever_changed() {
    let update = Change::Update { person: named("Eda"), roles: None };
    let event = UserUpdated { user: admin().id, person: person("Eda"), roles: admin().roles };
    assert_eq!(admin().change(update, at(20)).unwrap().events, [Event::UserUpdated(event)]);
}

/// What each status allows, in the order of `UserStatus::ALL`.
#[test]
fn each_status_allows_its_own_changes() {
    let (ok, unconfirmed) = (Ok(()), Err(UserRefusal::Unconfirmed));
    let (deactivated, not_deactivated) = (Err(UserRefusal::Deactivated), Err(UserRefusal::NotDeactivated));
    let update = Change::Update { person: PersonChanges::default(), roles: Some(member()) };
    for (change, expected) in [
        (update, [ok, unconfirmed, ok, deactivated]),
        (Change::Deactivate, [unconfirmed, unconfirmed, ok, deactivated]),
        (Change::Reactivate, [not_deactivated, not_deactivated, not_deactivated, ok]),
        (Change::EndSessions, [unconfirmed, unconfirmed, ok, deactivated]),
    ] {
        let outcomes: Vec<_> = UserStatus::ALL
            .iter()
            .map(|status| of_status(*status).change(change.clone(), at(20)).map(drop))
            .collect();
        assert_eq!(outcomes, expected, "{change:?}");
    }
    for command in [Command::ChangePassword, Command::Update(named("Eda"))] {
        let outcomes: Vec<_> = UserStatus::ALL
            .iter()
            .map(|status| of_status(*status).decide(command.clone(), at(20)).map(drop))
            .collect();
        assert_eq!(outcomes, [unconfirmed, unconfirmed, ok, deactivated], "{command:?}");
    }
    for status in UserStatus::ALL {
        let events = of_status(*status).delete(at(20)).events;
        assert_eq!(events, [Event::UserDeleted(UserDeleted { user: admin().id })], "{status}");
    }
}

#[test]
fn who_is_active_or_invited_holds_a_seat() {
    let seats: Vec<_> = UserStatus::ALL.iter().map(|status| of_status(*status).holds_seat()).collect();
    assert_eq!(seats, [true, false, true, false]);
}

#[test]
fn a_reactivated_user_starts_without_the_sessions_of_before() {
    let before = admin();
    let gone = changed(&before, Change::Deactivate);
    let back = changed(&gone, Change::Reactivate);
    assert_eq!(back, User { valid_from: second(20), ..before.clone() });
    assert!(!back.continues_session_of(before.valid_from));
}

#[test]
fn an_account_is_as_old_as_its_id() {
    let made_at = Timestamp::from_millisecond(1_758_000_000_123).unwrap();
    let uuid = Uuid::from_u128((1_758_000_000_123 << 80) | 0x7abc_8def_0123_4567_89ab);
    assert_eq!(User { id: UserId::from_uuid(uuid), ..admin() }.created_at(), made_at);
    assert_eq!(UserId::from_uuid(Uuid::max()).made_at(), Timestamp::MAX);
}

#[test]
fn a_new_password_the_end_of_all_sessions_and_a_deactivation_end_what_went_before() {
    let before = admin();
    assert!(before.continues_session_of(before.valid_from));
    let ended = changed(&before, Change::EndSessions);
    let after = before.decide(Command::ChangePassword, at(20)).unwrap().next;
    for after in [&ended, &after] {
        assert!(after.continues_session_of(after.valid_from));
        assert!(!after.continues_session_of(before.valid_from));
    }
    assert_eq!(ended, after);
    let gone = after.change(Change::Deactivate, at(30)).unwrap().next;
    assert!(!gone.continues_session_of(gone.valid_from));
}

/// The clocks of functions differ, and a command may come in the millisecond of the one before.
#[test]
fn no_clock_brings_back_a_session_that_has_ended() {
    let (mut user, mut ended) = (admin(), Vec::new());
    for now in [10, 10, 5, 12, 10, -3] {
        ended.push(user.valid_from);
        user = user.change(Change::EndSessions, at(now)).unwrap().next;
        assert!(!ended.iter().any(|before| user.continues_session_of(*before)), "{now}: {ended:?}");
    }
}
