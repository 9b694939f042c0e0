//! Who may be invited, and who takes the place of a lost owner.

use super::*;

#[test]
fn an_invitation_is_accepted_as_long_as_its_inviter_may_invite() {
    let personnel = user(2, &["member", "rol_1"]);
    let person = || (user(9, &["member"]).person, user(9, &["member"]).email);
    let invite = |inviter: &User, names: &[&str]| {
        Power::of(inviter, &book())
            .invite(id(9), person(), roles(names), stamp())
            .map(|decision| decision.next)
    };
    assert!(matches!(invite(&personnel, &["admin"]), Err(PowerRefusal::GivesMore(_))));
    assert_eq!(invite(&personnel, &["rol_4"]), Err(PowerRefusal::NoSuchRole(role(4))));
    let invited = invite(&personnel, &["member"]).unwrap();
    let more = invite(&user(3, &["admin"]), &["member", "rol_2"]).unwrap();
    let accept = |inviter: &User, invited: &User| {
        let book = book();
        let power = Power::of(inviter, &book);
        power
            .accept_invitation(invited, PersonChanges::default(), stamp())
            .map(|decision| decision.next.status)
    };
    assert_eq!(accept(&personnel, &invited), Ok(UserStatus::Active));
    assert!(matches!(accept(&personnel, &more), Err(PowerRefusal::GivesMore(_))));
    let lacks = Err(PowerRefusal::Lacks(Permission::UsersManage));
    assert_eq!(accept(&user(2, &["member"]), &invited), lacks);
    let gone = User { status: UserStatus::Deactivated, ..personnel.clone() };
    assert_eq!(accept(&gone, &invited), lacks);
    assert_eq!(accept(&personnel, &user(9, &["member"])), Err(UserRefusal::NotInvited.into()));
    let again = |inviter: &User, invited: &User| Power::of(inviter, &book()).invite_again(invited);
    assert_eq!(again(&personnel, &invited), Ok(()));
    assert!(matches!(again(&personnel, &more), Err(PowerRefusal::TouchesMore(_))));
    assert_eq!(again(&personnel, &user(9, &["member"])), Err(UserRefusal::NotInvited.into()));
}

#[test]
fn who_takes_the_place_of_a_lost_owner_is_an_invited_admin_and_the_owner_still_the_same() {
    let invited = User { status: UserStatus::Invited, ..user(9, &["admin"]) };
    let take = |user: &User, lost: UserId| {
        Power::take_over((user, &book()), lost, PersonChanges::default(), &stamp())
            .map(|(user, book)| (user.next.status, book.next.owner))
    };
    assert_eq!(take(&invited, id(OWNER)), Ok((UserStatus::Active, id(9))));
    assert_eq!(take(&invited, id(2)), Err(PowerRefusal::NoSuccessor));
    let demoted = User { roles: roles(&["member"]), ..invited };
    assert_eq!(take(&demoted, id(OWNER)), Err(PowerRefusal::NoSuccessor));
    assert_eq!(take(&user(9, &["admin"]), id(OWNER)), Err(UserRefusal::NotInvited.into()));
}
