use jiff::Timestamp;
use uuid::Uuid;

use super::{Command, Role, User, UserRefusal, UserStatus};
use crate::id::UserId;
use crate::text::{Email, PersonName};

fn second(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn name(text: &str) -> PersonName {
    PersonName::try_from(text.to_owned()).unwrap()
}

fn admin() -> User {
    let email = Email::try_from("ada@acme.example".to_owned()).unwrap();
    User::register(UserId::from_uuid(Uuid::from_u128(1)), name("Ada"), email, Role::Admin, second(10))
}

#[test]
fn a_command_changes_what_it_names_alone() {
    let changed = |command: Command| admin().after(&command).unwrap();
    let update = |name, role| changed(Command::Update { name, role });
    assert_eq!(update(Some(name("Eda")), None), User { name: name("Eda"), ..admin() });
    assert_eq!(update(None, Some(Role::Member)), User { role: Role::Member, ..admin() });
    assert_eq!(changed(Command::Deactivate), User { status: UserStatus::Deactivated, ..admin() });
    assert_eq!(
        changed(Command::ChangePassword { at: second(20) }),
        User { valid_from: second(20), ..admin() }
    );
}

#[test]
fn a_deactivated_user_changes_no_more() {
    let deactivated = admin().after(&Command::Deactivate).unwrap();
    for command in [
        Command::Deactivate,
        Command::ChangePassword { at: second(20) },
        Command::Update { name: None, role: Some(Role::Member) },
    ] {
        assert_eq!(deactivated.after(&command), Err(UserRefusal::Deactivated));
    }
}

#[test]
fn an_admin_counts_while_active() {
    assert!(admin().administers());
    assert!(!User { role: Role::Member, ..admin() }.administers());
    assert!(!admin().after(&Command::Deactivate).unwrap().administers());
}

#[test]
fn a_new_password_and_a_deactivation_end_what_went_before() {
    let change = Command::ChangePassword { at: Timestamp::from_millisecond(20_700).unwrap() };
    let (before, after) = (admin(), admin().after(&change).unwrap());
    assert!(before.continues_session_of(before.valid_from));
    assert!(after.continues_session_of(after.valid_from) && !after.continues_session_of(before.valid_from));
    let gone = after.after(&Command::Deactivate).unwrap();
    assert!(!gone.continues_session_of(gone.valid_from));
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
