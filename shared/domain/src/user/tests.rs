use jiff::Timestamp;
use uuid::Uuid;

use super::{Change, Command, User, UserRefusal, UserStatus};
use crate::event::{Event, UserUpdated};
use crate::id::UserId;
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
    User::register(UserId::from_uuid(Uuid::from_u128(1)), name("Ada"), email, roles, at(10)).next
}

fn member() -> Roles {
    BuiltInRole::Member.into()
}

fn changed(user: &User, change: Change) -> User {
    user.change(change, at(20)).unwrap().next
}

#[test]
fn a_change_changes_what_it_names_alone() {
    let update = |name, roles| changed(&admin(), Change::Update { name, roles });
    assert_eq!(update(Some(name("Eda")), None), User { name: name("Eda"), ..admin() });
    assert_eq!(update(None, Some(member())), User { roles: member(), ..admin() });
    let deactivated = User { status: UserStatus::Deactivated, ..admin() };
    assert_eq!(changed(&admin(), Change::Deactivate), deactivated);
    let ended = User { valid_from: second(20), ..admin() };
    assert_eq!(changed(&admin(), Change::EndSessions), ended);
    let after = |command| admin().decide(command, at(20)).unwrap().next;
    assert_eq!(after(Command::ChangePassword), User { valid_from: second(20), ..admin() });
    assert_eq!(after(Command::Rename { name: name("Eda") }), User { name: name("Eda"), ..admin() });
}

#[test]
fn an_update_s_event_has_name_and_roles_whatever_changed() {
    let update = Change::Update { name: Some(name("Eda")), roles: None };
    let event = UserUpdated { user: admin().id, name: name("Eda"), roles: admin().roles };
    assert_eq!(admin().change(update, at(20)).unwrap().events, [Event::UserUpdated(event)]);
}

#[test]
fn a_deactivated_user_changes_no_more() {
    let deactivated = changed(&admin(), Change::Deactivate);
    for change in
        [Change::Deactivate, Change::EndSessions, Change::Update { name: None, roles: Some(member()) }]
    {
        assert_eq!(deactivated.change(change, at(20)), Err(UserRefusal::Deactivated));
    }
    for command in [Command::ChangePassword, Command::Rename { name: name("Eda") }] {
        assert_eq!(deactivated.decide(command, at(20)), Err(UserRefusal::Deactivated));
    }
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
