mod entering;

use jiff::Timestamp;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::Actor;
use crate::person::PersonChanges;
use crate::role::{Command, CustomPermissions, CustomRole};
use crate::text::RoleName;
use crate::user::UserStatus;

const OWNER: u128 = 1;

fn id(number: u128) -> UserId {
    UserId::from_uuid(Uuid::from_u128(number))
}

fn stamp() -> Stamp {
    Stamp { at: Timestamp::UNIX_EPOCH, by: Actor::User { id: id(OWNER) } }
}

fn role(number: u32) -> RoleId {
    RoleId::from_number(number).unwrap()
}

fn roles(names: &[&str]) -> Roles {
    names.iter().map(|name| name.parse().unwrap()).collect::<Vec<Role>>().try_into().unwrap()
}

fn user(number: u128, names: &[&str]) -> User {
    let person = Person::named("Ada".to_owned().try_into().unwrap());
    let email = "ada@acme.example".to_owned().try_into().unwrap();
    User::register(id(number), person, email, roles(names), stamp()).next
}

fn name(text: &str) -> RoleName {
    text.to_owned().try_into().unwrap()
}

fn custom(permissions: &[Permission]) -> CustomPermissions {
    CustomPermissions::from_stored(PermissionSet::of(permissions))
}

/// `rol_1` manages users, `rol_2` reads the audit log, `rol_3` manages roles.
fn book() -> RoleBook {
    let mut book = RoleBook::of(id(OWNER));
    for (role_name, permission) in [
        ("Personnel", Permission::UsersManage),
        ("Auditor", Permission::AuditRead),
        ("Roles", Permission::RolesManage),
    ] {
        let define = Command::Define { name: name(role_name), permissions: custom(&[permission]) };
        book = book.decide(define, stamp()).unwrap().next;
    }
    book
}

fn change(actor: &User, target: &User, change: Change) -> Result<User, PowerRefusal> {
    Power::of(actor, &book()).change(target, change, stamp()).map(|decision| decision.next)
}

fn to(names: &[&str]) -> Change {
    Change::Update { person: PersonChanges::default(), roles: Some(roles(names)) }
}

fn rename() -> Change {
    let name = Some("Eve".to_owned().try_into().unwrap());
    Change::Update { person: PersonChanges { name, ..PersonChanges::default() }, roles: None }
}

#[test]
fn one_gives_only_what_one_holds() {
    let personnel = user(2, &["member", "rol_1"]);
    let member = user(3, &["member"]);
    assert!(change(&personnel, &member, to(&["member", "rol_1"])).is_ok());
    for more in [&["admin"][..], &["member", "rol_2"], &["rol_3"]] {
        let refused = change(&personnel, &member, to(more)).unwrap_err();
        assert!(matches!(refused, PowerRefusal::GivesMore(_)), "{more:?}: {refused}");
    }
    let register = |names: &[&str]| {
        let User { person, email, .. } = member.clone();
        Power::of(&personnel, &book()).register(id(9), (person, email), roles(names), stamp()).map(drop)
    };
    assert_eq!(register(&["member"]), Ok(()));
    assert!(matches!(register(&["admin"]), Err(PowerRefusal::GivesMore(_))));
    assert_eq!(register(&["rol_4"]), Err(PowerRefusal::NoSuchRole(role(4))));
    let lacks = Err(PowerRefusal::Lacks(Permission::UsersManage));
    assert_eq!(change(&member, &user(4, &["member"]), rename()), lacks);
}

#[test]
fn one_touches_only_whose_permissions_are_within_one_s_own() {
    let personnel = user(2, &["member", "rol_1"]);
    for above in [user(3, &["admin"]), user(3, &["member", "rol_2"]), user(OWNER, &["admin"])] {
        for change_ in [rename(), Change::Deactivate, to(&["member"])] {
            let refused = change(&personnel, &above, change_).unwrap_err();
            assert!(matches!(refused, PowerRefusal::TouchesMore(_)), "{refused}");
        }
    }
    let admin = user(2, &["admin"]);
    assert!(change(&admin, &user(3, &["admin"]), Change::Deactivate).is_ok());
    for change_ in [rename(), Change::Deactivate, to(&["member"])] {
        let refused = change(&admin, &user(OWNER, &["admin"]), change_);
        assert!(matches!(refused, Err(PowerRefusal::TouchesMore(_))));
    }
}

#[test]
fn one_s_own_roles_are_given_up_and_not_widened() {
    let personnel = user(2, &["member", "rol_1"]);
    assert!(change(&personnel, &personnel, to(&["member"])).is_ok());
    assert!(matches!(change(&personnel, &personnel, to(&["admin"])), Err(PowerRefusal::GivesMore(_))));
}

#[test]
fn a_deactivated_user_has_no_power() {
    let gone = User { status: UserStatus::Deactivated, ..user(2, &["admin"]) };
    let lacks = Err(PowerRefusal::Lacks(Permission::UsersManage));
    assert_eq!(change(&gone, &user(3, &["member"]), rename()), lacks);
}

#[test]
fn the_owner_stays_active_and_an_admin() {
    let owner = user(OWNER, &["admin"]);
    assert!(change(&owner, &owner, rename()).is_ok());
    assert!(change(&owner, &owner, to(&["admin", "rol_1"])).is_ok());
    for change_ in [Change::Deactivate, to(&["member"])] {
        assert_eq!(change(&owner, &owner, change_), Err(PowerRefusal::OwnerStays));
    }
}

#[test]
fn nobody_deletes_themselves_the_owner_or_whom_they_may_not_change() {
    let delete = |actor: &User, user: &User| {
        Power::of(actor, &book()).delete(user, stamp()).map(|decision| decision.next)
    };
    let (owner, admin, personnel) =
        (user(OWNER, &["admin"]), user(2, &["admin"]), user(3, &["member", "rol_1"]));
    let gone = User { status: UserStatus::Deactivated, ..user(4, &["member"]) };
    assert_eq!(delete(&personnel, &gone), Ok(Gone));
    assert_eq!(delete(&admin, &user(5, &["admin"])), Ok(Gone));
    for oneself in [&admin, &personnel] {
        assert_eq!(delete(oneself, oneself), Err(PowerRefusal::Oneself));
    }
    assert_eq!(delete(&owner, &owner), Err(PowerRefusal::OwnerStays));
    assert!(matches!(delete(&admin, &owner), Err(PowerRefusal::TouchesMore(_))));
    assert!(matches!(delete(&personnel, &admin), Err(PowerRefusal::TouchesMore(_))));
    let lacks = Err(PowerRefusal::Lacks(Permission::UsersManage));
    assert_eq!(delete(&user(6, &["member"]), &gone), lacks);
}

#[test]
fn an_address_is_asked_for_of_those_whom_one_may_change_and_never_of_oneself() {
    let ask = |actor: &User, user: &User| Power::of(actor, &book()).ask_for_address(user);
    let (owner, admin, personnel) =
        (user(OWNER, &["admin"]), user(2, &["admin"]), user(3, &["member", "rol_1"]));
    assert_eq!(ask(&personnel, &user(4, &["member"])), Ok(()));
    for oneself in [&owner, &admin, &personnel] {
        assert_eq!(ask(oneself, oneself), Err(PowerRefusal::OwnAddress));
    }
    assert!(matches!(ask(&admin, &owner), Err(PowerRefusal::TouchesMore(_))));
    let gone = User { status: UserStatus::Deactivated, ..user(4, &["member"]) };
    assert_eq!(ask(&personnel, &gone), Err(UserRefusal::Deactivated.into()));
}

#[test]
fn ownership_goes_from_the_owner_to_an_active_admin() {
    let transfer = |actor: &User, to: &User| {
        Power::of(actor, &book()).transfer_ownership(to, stamp()).map(|decision| decision.next.owner)
    };
    let (owner, admin) = (user(OWNER, &["admin"]), user(2, &["admin"]));
    assert_eq!(transfer(&owner, &admin), Ok(id(2)));
    assert_eq!(transfer(&admin, &admin), Err(PowerRefusal::Lacks(Permission::TenantOwn)));
    let gone = User { status: UserStatus::Deactivated, ..admin.clone() };
    for no_successor in [user(3, &["member", "rol_1"]), gone] {
        assert_eq!(transfer(&owner, &no_successor), Err(PowerRefusal::NoSuccessor));
    }
}

#[test]
fn a_role_s_old_and_new_set_are_within_one_s_own() {
    let keeper = user(2, &["member", "rol_3"]);
    let decide = |actor: &User, command: Command| {
        Power::of(actor, &book()).change_roles(command, stamp()).map(|decision| decision.next)
    };
    let define =
        |permissions: &[Permission]| Command::Define { name: name("X"), permissions: custom(permissions) };
    let widen = |number: u32, permissions: &[Permission]| Command::Change {
        role: role(number),
        name: None,
        permissions: Some(custom(permissions)),
    };
    assert!(decide(&keeper, define(&[Permission::OrdersPlace])).is_ok());
    assert!(matches!(decide(&keeper, define(&[Permission::AuditRead])), Err(PowerRefusal::GivesMore(_))));
    // The old set of `rol_2` is not within the keeper's, the new one is.
    for command in [widen(2, &[]), Command::Remove { role: role(2) }] {
        assert!(matches!(decide(&keeper, command), Err(PowerRefusal::TouchesMore(_))));
    }
    for command in [widen(3, &[]), Command::Remove { role: role(3) }] {
        assert_eq!(decide(&keeper, command), Err(PowerRefusal::HoldsRole));
    }
    let owner = user(OWNER, &["admin", "rol_3"]);
    assert!(decide(&owner, widen(3, &[Permission::AuditRead])).is_ok());
    let admin = user(4, &["admin"]);
    assert!(decide(&admin, Command::Remove { role: role(2) }).is_ok());
    let unknown = RoleRefusal::Unknown(role(9)).into();
    assert_eq!(decide(&admin, Command::Remove { role: role(9) }), Err(unknown));
    let lacks = Err(PowerRefusal::Lacks(Permission::RolesManage));
    assert_eq!(decide(&user(5, &["member"]), define(&[])), lacks);
}

#[test]
fn names_are_unique_in_any_case_numbers_are_not_used_again_and_50_are_the_most() {
    let define = |book: &RoleBook, text: &str| {
        book.decide(Command::Define { name: name(text), permissions: custom(&[]) }, stamp())
    };
    for taken in ["auditor", "AUDITOR", "Admin", "owner", "Member"] {
        assert_eq!(define(&book(), taken), Err(RoleRefusal::NameTaken), "{taken}");
    }
    let rename = |number: u32, text: &str| Command::Change {
        role: role(number),
        name: Some(name(text)),
        permissions: None,
    };
    assert!(book().decide(rename(2, "AUDITOR"), stamp()).is_ok());
    assert_eq!(book().decide(rename(1, "AUDITOR"), stamp()), Err(RoleRefusal::NameTaken));

    let without = book().decide(Command::Remove { role: role(3) }, stamp()).unwrap().next;
    let again = define(&without, "Roles").unwrap().next;
    assert_eq!(again.custom.keys().copied().collect::<Vec<_>>(), [1, 2, 4].map(role));

    let mut full = again;
    for number in full.custom.len()..RoleBook::MOST {
        full = define(&full, &format!("Role {number}")).unwrap().next;
    }
    assert_eq!(define(&full, "One more"), Err(RoleRefusal::TooMany));
}

fn any_permissions() -> impl Strategy<Value = PermissionSet> {
    proptest::collection::vec(proptest::sample::select(Permission::ALL), 0..6)
        .prop_map(|permissions| permissions.into_iter().collect())
}

fn any_book() -> impl Strategy<Value = RoleBook> {
    proptest::collection::vec(any_permissions(), 4).prop_map(|sets| {
        let mut book = RoleBook::of(id(OWNER));
        for (number, set) in (1..).zip(sets) {
            let permissions = CustomPermissions::from_stored(set);
            book.custom
                .insert(role(number), CustomRole { name: name(&format!("Role {number}")), permissions });
        }
        book.next = role(5);
        book
    })
}

fn any_roles() -> impl Strategy<Value = Roles> {
    const NAMES: &[&str] = &["member", "editor", "admin", "rol_1", "rol_2", "rol_3", "rol_4"];
    proptest::collection::vec(proptest::sample::select(NAMES), 1..4).prop_map(|names| roles(&names))
}

proptest! {
    /// Whatever is allowed, nobody's permissions grow beyond those of who has acted, and the owner stays.
    #[test]
    fn no_command_makes_more_of_anybody_than_the_actor_is(
        book in any_book(), own in any_roles(), theirs in any_roles(), given in any_roles(),
        permissions in any_permissions(), target in 1u128..4, number in 1u32..5,
    ) {
        let actor = User { roles: own, ..user(2, &["member"]) };
        let target = if target == 2 { actor.clone() } else { User { roles: theirs, ..user(target, &["member"]) } };
        let power = Power::of(&actor, &book);
        let held = book.permissions(actor.id, &actor.roles);
        let update = Change::Update { person: PersonChanges::default(), roles: Some(given) };
        if let Ok(decision) = power.change(&target, update, stamp()) {
            prop_assert!(held.contains(Permission::UsersManage));
            prop_assert!(target.id != book.owner);
            prop_assert!(book.permissions(target.id, &decision.next.roles).is_within(held));
        }
        let permissions = CustomPermissions::from_stored(permissions);
        let command = Command::Change { role: role(number), name: None, permissions: Some(permissions) };
        if let Ok(decision) = power.change_roles(command, stamp()) {
            let next = decision.next;
            prop_assert!(held.contains(Permission::RolesManage) && next.owner == book.owner);
            prop_assert!(next.permissions(actor.id, &actor.roles) == held, "one's own power does not change");
            let (before, after) = (book.permissions(target.id, &target.roles), next.permissions(target.id, &target.roles));
            prop_assert!(after.without(before).is_within(held) && before.without(after).is_within(held));
        }
        prop_assert!(power.transfer_ownership(&target, stamp()).is_err());
    }
}
