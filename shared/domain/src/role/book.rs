//! The role book of a tenant: who its owner is, and which roles of its own it has.

use std::collections::BTreeMap;

use super::{CustomPermissions, OF_OWNERS, Role, RoleId, Roles};
use crate::event::{Event, OwnershipTransferred, RoleChanged, RoleDefined, RoleRemoved};
use crate::id::UserId;
use crate::permission::{Permission, PermissionSet};
use crate::role::BuiltInRole;
use crate::text::RoleName;
use crate::{Decision, Stamp};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomRole {
    pub name: RoleName,
    pub permissions: CustomPermissions,
}

/// The state of a tenant's roles. Its owner is there always, is active and is an admin besides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleBook {
    pub owner: UserId,
    pub custom: BTreeMap<RoleId, CustomRole>,
    /// The id of the next role. Ids are not used again: a deactivated user may still name a role that is gone.
    pub next: RoleId,
}

/// What takes power: see [`Power`](crate::power::Power), which decides it.
#[derive(Debug, Clone)]
pub enum Command {
    Define {
        name: RoleName,
        permissions: CustomPermissions,
    },
    /// Fields that are `None` stay as they are.
    Change {
        role: RoleId,
        name: Option<RoleName>,
        permissions: Option<CustomPermissions>,
    },
    Remove {
        role: RoleId,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RoleRefusal {
    #[error("There is no role {0}.")]
    Unknown(RoleId),
    #[error("The tenant has a role of this name; choose another.")]
    NameTaken,
    #[error(
        "The tenant has {} roles of its own, and can have no more; remove one that nobody needs.",
        RoleBook::MOST
    )]
    TooMany,
}

pub type RoleBookDecision = Decision<RoleBook>;

impl RoleBook {
    pub const MOST: usize = 50;

    pub fn of(owner: UserId) -> RoleBook {
        RoleBook { owner, custom: BTreeMap::new(), next: RoleId::FIRST }
    }

    /// The permissions of a user with these roles. A role that is not there any more gives none.
    pub fn permissions(&self, user: UserId, roles: &Roles) -> PermissionSet {
        match user == self.owner {
            true => PermissionSet::all(),
            false => self.given_by(roles),
        }
    }

    pub fn given_by(&self, roles: &Roles) -> PermissionSet {
        let each = roles.iter().map(|role| match role {
            Role::BuiltIn(role) => role.permissions(),
            Role::Custom(id) => {
                self.custom.get(&id).map_or(PermissionSet::NONE, |role| role.permissions.set())
            }
        });
        each.fold(PermissionSet::NONE, PermissionSet::union)
    }

    /// A role that is named and not there.
    pub fn unknown_in(&self, roles: &Roles) -> Option<RoleId> {
        roles.custom().find(|id| !self.custom.contains_key(id))
    }

    pub fn role(&self, id: RoleId) -> Result<&CustomRole, RoleRefusal> {
        self.custom.get(&id).ok_or(RoleRefusal::Unknown(id))
    }

    pub(crate) fn decide(&self, command: Command, stamp: Stamp) -> Result<RoleBookDecision, RoleRefusal> {
        let mut next = self.clone();
        let event = match command {
            Command::Define { name, permissions } => {
                if self.custom.len() >= RoleBook::MOST {
                    return Err(RoleRefusal::TooMany);
                }
                self.require_free(&name, None)?;
                let role = self.next;
                next.next = role.next();
                next.custom.insert(role, CustomRole { name: name.clone(), permissions });
                Event::RoleDefined(RoleDefined { role, name, permissions: permissions.set() })
            }
            Command::Change { role, name, permissions } => {
                let before = self.role(role)?;
                let name = name.unwrap_or_else(|| before.name.clone());
                self.require_free(&name, Some(role))?;
                let permissions = permissions.unwrap_or(before.permissions);
                next.custom.insert(role, CustomRole { name: name.clone(), permissions });
                Event::RoleChanged(RoleChanged { role, name, permissions: permissions.set() })
            }
            Command::Remove { role } => {
                self.role(role)?;
                next.custom.remove(&role);
                Event::RoleRemoved(RoleRemoved { role })
            }
        };
        Ok(Decision { stamp, events: vec![event], next })
    }

    pub(crate) fn transfer(&self, to: UserId, stamp: Stamp) -> RoleBookDecision {
        let event = Event::OwnershipTransferred(OwnershipTransferred { from: self.owner, to });
        Decision { stamp, events: vec![event], next: RoleBook { owner: to, ..self.clone() } }
    }

    /// Names are compared without their case. A role named like one that is built in would be taken for it.
    fn require_free(&self, name: &RoleName, of: Option<RoleId>) -> Result<(), RoleRefusal> {
        let name = folded(name.as_str());
        let built_in = BuiltInRole::ALL.iter().map(|role| role.as_str()).chain(["owner"]);
        let others = self.custom.iter().filter(|(id, _)| Some(**id) != of);
        let is_taken = built_in.map(str::to_owned).chain(others.map(|(_, role)| folded(role.name.as_str())));
        match is_taken.into_iter().any(|taken| taken == name) {
            true => Err(RoleRefusal::NameTaken),
            false => Ok(()),
        }
    }
}

fn folded(name: &str) -> String {
    name.to_lowercase()
}

const _: () = assert!(
    BuiltInRole::Admin.permissions().without(OF_OWNERS).contains(Permission::RolesManage)
        && !BuiltInRole::Admin.permissions().meets(OF_OWNERS),
    "an admin may all but what is the owner's"
);
