//! Who may give and take power: the rules by which nobody comes to more than they have been given.
//!
//! One gives only what one holds, and touches only whose permissions are within one's own. All is decided on rows that
//! were read for the decision, and committed on the condition that they have not changed.

use crate::id::UserId;
use crate::permission::{Permission, PermissionSet};
use crate::person::{Person, PersonChanges};
use crate::role::{self, BuiltInRole, Role, RoleBook, RoleBookDecision, RoleId, RoleRefusal, Roles};
use crate::text::Email;
use crate::user::{Change, Gone, User, UserDecision, UserRefusal, UserStatus};
use crate::{Decision, Stamp};

/// A user's power at the moment of a decision.
pub struct Power<'a> {
    user: &'a User,
    book: &'a RoleBook,
    held: PermissionSet,
}

/// Why a command that takes power is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PowerRefusal {
    #[error("This needs the permission {0}, which you do not hold; ask your tenant's owner or an admin.")]
    Lacks(Permission),
    #[error("You give only what you hold yourself, and you do not hold: {0}.")]
    GivesMore(PermissionSet),
    #[error(
        "You change only users and roles whose permissions are within your own, and you do not hold: {0}."
    )]
    TouchesMore(PermissionSet),
    #[error("You hold this role. A role that one holds is changed by the owner.")]
    HoldsRole,
    #[error(
        "This is the tenant's owner, who stays active and an admin; the owner makes somebody else the owner first."
    )]
    OwnerStays,
    #[error("Nobody deletes themselves; somebody else who manages users does.")]
    Oneself,
    #[error("One's own e-mail address is changed by PUT /me/email, with the password.")]
    OwnAddress,
    #[error("Only an active admin becomes the owner; make this user an admin first.")]
    NoSuccessor,
    #[error("there is no role {0}")]
    NoSuchRole(RoleId),
    #[error(transparent)]
    User(#[from] UserRefusal),
    #[error(transparent)]
    Role(#[from] RoleRefusal),
}

impl<'a> Power<'a> {
    /// Of the user as stored. A deactivated one has none.
    pub fn of(user: &'a User, book: &'a RoleBook) -> Power<'a> {
        let held = match user.is_active() {
            true => book.permissions(user.id, &user.roles),
            false => PermissionSet::NONE,
        };
        Power { user, book, held }
    }

    /// Decides the registration of a new user.
    pub fn register(
        &self,
        id: UserId,
        (person, email): (Person, Email),
        roles: Roles,
        stamp: Stamp,
    ) -> Result<UserDecision, PowerRefusal> {
        self.admit(&roles)?;
        Ok(User::register(id, person, email, roles, stamp))
    }

    /// Decides the invitation of a new user.
    pub fn invite(
        &self,
        id: UserId,
        (person, email): (Person, Email),
        roles: Roles,
        stamp: Stamp,
    ) -> Result<UserDecision, PowerRefusal> {
        self.admit(&roles)?;
        Ok(User::invite(id, person, email, roles, stamp))
    }

    /// Whether the acting one may invite this user again, who has to be invited still.
    pub fn invite_again(&self, user: &User) -> Result<(), PowerRefusal> {
        self.touch(user)?;
        match user.status {
            UserStatus::Invited => Ok(()),
            _ => Err(UserRefusal::NotInvited.into()),
        }
    }

    /// Decides that a user whom the acting one has invited accepts. What was permitted then has to be permitted now: the
    /// inviter manages users, and holds what the user's roles give.
    pub fn accept_invitation(
        &self,
        user: &User,
        changes: PersonChanges,
        stamp: Stamp,
    ) -> Result<UserDecision, PowerRefusal> {
        self.admit(&user.roles)?;
        Ok(user.accept_invitation(changes, stamp)?)
    }

    /// Whether the user is one whom the acting one manages.
    pub fn touch(&self, user: &User) -> Result<(), PowerRefusal> {
        self.need(Permission::UsersManage)?;
        self.touches(self.book.permissions(user.id, &user.roles))
    }

    /// Whether the acting one may ask for a new address of this user, who is active. One's own takes the password: who has
    /// stolen a session could keep the account by it.
    pub fn ask_for_address(&self, user: &User) -> Result<(), PowerRefusal> {
        self.touch(user)?;
        if user.id == self.user.id {
            return Err(PowerRefusal::OwnAddress);
        }
        Ok(user.require_active()?)
    }

    /// Decides a change of a user, which may be the acting one: nobody comes to more by it.
    pub fn change(&self, user: &User, change: Change, stamp: Stamp) -> Result<UserDecision, PowerRefusal> {
        self.touch(user)?;
        if let Change::Update { roles: Some(roles), .. } = &change {
            self.gives(roles)?;
        }
        if user.id == self.book.owner && !change.leaves_an_admin() {
            return Err(PowerRefusal::OwnerStays);
        }
        Ok(user.change(change, stamp)?)
    }

    /// Decides the deletion of a user, which is never the acting one.
    pub fn delete(&self, user: &User, stamp: Stamp) -> Result<Decision<Gone>, PowerRefusal> {
        self.touch(user)?;
        if user.id == self.book.owner {
            return Err(PowerRefusal::OwnerStays);
        }
        if user.id == self.user.id {
            return Err(PowerRefusal::Oneself);
        }
        Ok(user.delete(stamp))
    }

    /// Decides a change of the tenant's roles.
    pub fn change_roles(
        &self,
        command: role::Command,
        stamp: Stamp,
    ) -> Result<RoleBookDecision, PowerRefusal> {
        self.need(Permission::RolesManage)?;
        let (changed, given) = match &command {
            role::Command::Define { permissions, .. } => (None, Some(*permissions)),
            role::Command::Change { role, permissions, .. } => (Some(*role), *permissions),
            role::Command::Remove { role } => (Some(*role), None),
        };
        if let Some(role) = changed {
            self.touches(self.book.role(role)?.permissions.set())?;
            if self.user.roles.contains(Role::Custom(role)) && !self.owns() {
                return Err(PowerRefusal::HoldsRole);
            }
        }
        self.within(
            given.map_or(PermissionSet::NONE, role::CustomPermissions::set),
            PowerRefusal::GivesMore,
        )?;
        Ok(self.book.decide(command, stamp)?)
    }

    /// Decides that another user becomes the owner. The former one stays an admin.
    pub fn transfer_ownership(&self, to: &User, stamp: Stamp) -> Result<RoleBookDecision, PowerRefusal> {
        self.need(Permission::TenantOwn)?;
        match to.is_active() && to.roles.has(BuiltInRole::Admin) {
            true => Ok(self.book.transfer(to.id, stamp)),
            false => Err(PowerRefusal::NoSuccessor),
        }
    }

    /// Decides that an admin whom an operator has invited takes the place of the owner who is lost. The operator answers
    /// for it, as long as that one is the owner still.
    pub fn take_over(
        (user, book): (&User, &RoleBook),
        lost: UserId,
        changes: PersonChanges,
        stamp: &Stamp,
    ) -> Result<(UserDecision, RoleBookDecision), PowerRefusal> {
        if book.owner != lost || !user.roles.has(BuiltInRole::Admin) {
            return Err(PowerRefusal::NoSuccessor);
        }
        let user = user.accept_invitation(changes, stamp.clone())?;
        let book = book.transfer(user.next.id, stamp.clone());
        Ok((user, book))
    }

    /// Whether the acting one may let somebody in with these roles.
    fn admit(&self, roles: &Roles) -> Result<(), PowerRefusal> {
        self.need(Permission::UsersManage)?;
        self.gives(roles)
    }

    fn owns(&self) -> bool {
        self.held.contains(Permission::TenantOwn)
    }

    fn need(&self, permission: Permission) -> Result<(), PowerRefusal> {
        match self.held.contains(permission) {
            true => Ok(()),
            false => Err(PowerRefusal::Lacks(permission)),
        }
    }

    fn gives(&self, roles: &Roles) -> Result<(), PowerRefusal> {
        if let Some(unknown) = self.book.unknown_in(roles) {
            return Err(PowerRefusal::NoSuchRole(unknown));
        }
        self.within(self.book.given_by(roles), PowerRefusal::GivesMore)
    }

    fn touches(&self, permissions: PermissionSet) -> Result<(), PowerRefusal> {
        self.within(permissions, PowerRefusal::TouchesMore)
    }

    fn within(
        &self,
        permissions: PermissionSet,
        otherwise: fn(PermissionSet) -> PowerRefusal,
    ) -> Result<(), PowerRefusal> {
        match permissions.is_within(self.held) {
            true => Ok(()),
            false => Err(otherwise(permissions.without(self.held))),
        }
    }
}

#[cfg(test)]
mod tests;
