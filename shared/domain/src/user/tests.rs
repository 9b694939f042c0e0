use jiff::Timestamp;
use uuid::Uuid;

use super::{Command, Role, User, UserRefusal, UserStatus};
use crate::event::{Event, UserUpdated};
use crate::id::UserId;
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
    User::register(UserId::from_uuid(Uuid::from_u128(1)), name("Ada"), email, Role::Admin, at(10)).next
}

fn after(user: &User, command: Command) -> User {
    user.decide(command, at(20)).unwrap().next
}

#[test]
fn a_command_changes_what_it_names_alone() {
    let changed = |command: Command| after(&admin(), command);
    let update = |name, role| changed(Command::Update { name, role });
    assert_eq!(update(Some(name("Eda")), None), User { name: name("Eda"), ..admin() });
    assert_eq!(update(None, Some(Role::Member)), User { role: Role::Member, ..admin() });
    assert_eq!(changed(Command::Deactivate), User { status: UserStatus::Deactivated, ..admin() });
    for command in [Command::ChangePassword, Command::EndSessions] {
        assert_eq!(changed(command), User { valid_from: second(20), ..admin() });
    }
}

#[test]
fn an_update_s_event_has_name_and_role_whatever_changed() {
    let update = Command::Update { name: Some(name("Eda")), role: None };
    let event = UserUpdated { user: admin().id, name: name("Eda"), role: Role::Admin };
    assert_eq!(admin().decide(update, at(20)).unwrap().events, [Event::UserUpdated(event)]);
}

#[test]
fn a_deactivated_user_changes_no_more() {
    let deactivated = after(&admin(), Command::Deactivate);
    for command in [
        Command::Deactivate,
        Command::ChangePassword,
        Command::EndSessions,
        Command::Update { name: None, role: Some(Role::Member) },
    ] {
        assert_eq!(deactivated.decide(command, at(20)), Err(UserRefusal::Deactivated));
    }
}

#[test]
fn an_admin_counts_while_active() {
    assert!(admin().administers());
    assert!(!User { role: Role::Member, ..admin() }.administers());
    assert!(!after(&admin(), Command::Deactivate).administers());
}

#[test]
fn a_new_password_the_end_of_all_sessions_and_a_deactivation_end_what_went_before() {
    let before = admin();
    assert!(before.continues_session_of(before.valid_from));
    let [ended, after] = [Command::EndSessions, Command::ChangePassword].map(|command| {
        let after = after(&before, command);
        assert!(after.continues_session_of(after.valid_from));
        assert!(!after.continues_session_of(before.valid_from));
        after
    });
    assert_eq!(ended, after);
    let gone = after.decide(Command::Deactivate, at(30)).unwrap().next;
    assert!(!gone.continues_session_of(gone.valid_from));
}

/// The clocks of functions differ, and a command may come in the millisecond of the one before.
#[test]
fn no_clock_brings_back_a_session_that_has_ended() {
    let (mut user, mut ended) = (admin(), Vec::new());
    for now in [10, 10, 5, 12, 10, -3] {
        ended.push(user.valid_from);
        user = user.decide(Command::EndSessions, at(now)).unwrap().next;
        assert!(!ended.iter().any(|before| user.continues_session_of(*before)), "{now}: {ended:?}");
    }
}

#[test]
fn a_role_allows_itself_and_less() {
    assert!(
        Role::Admin.allows(Role::Admin)
            && Role::Admin.allows(Role::Member)
            && Role::Member.allows(Role::Member)
    );
    assert!(!Role::Member.allows(Role::Admin));
}

#[test]
fn names_read_back() {
    for role in Role::ALL {
        assert_eq!(role.as_str().parse::<Role>().as_ref(), Ok(role));
        let json = serde_json::to_string(role).unwrap();
        assert_eq!(serde_json::from_str::<Role>(&json).unwrap(), *role);
    }
}

#[test]
fn other_names_are_answered_with_the_choice() {
    for json in ["\"Admin\"", "\"\"", "\"owner\""] {
        let error = serde_json::from_str::<Role>(json).unwrap_err().to_string();
        assert!(error.starts_with("must be one of: member, admin"), "{json}: {error}");
    }
}
