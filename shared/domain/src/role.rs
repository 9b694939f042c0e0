//! Roles: named sets of permissions. Some are built in, and each tenant may define its own.

mod book;

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::permission::{Permission, PermissionSet};
use crate::rule::{InvalidValue, named, read_through_from_str, schema};

pub use book::{Command, CustomRole, RoleBook, RoleBookDecision, RoleRefusal};

named! {
    /// The roles of every tenant. Each of the first four permits what those before it permit.
    pub enum BuiltInRole {
        Member => "member",
        Contributor => "contributor",
        Author => "author",
        Editor => "editor",
        Admin => "admin",
    }
}

/// No role has these. The tenant's owner alone does.
pub const OF_OWNERS: PermissionSet = PermissionSet::of(&[Permission::TenantOwn, Permission::SignInManage]);

const OF_MEMBERS: &[Permission] =
    &[Permission::CatalogRead, Permission::OrdersPlace, Permission::PostsRead, Permission::CommentsWrite];
/// Besides those of members.
const OF_CONTRIBUTORS: &[Permission] = &[Permission::PostsWrite];
/// Besides those of contributors.
const OF_AUTHORS: &[Permission] = &[Permission::PostsPublish];
/// Besides those of authors.
const OF_EDITORS: &[Permission] = &[Permission::PostsManage, Permission::CommentsModerate];

impl BuiltInRole {
    pub const fn permissions(self) -> PermissionSet {
        let (before, own): (PermissionSet, &[Permission]) = match self {
            BuiltInRole::Member => (PermissionSet::NONE, OF_MEMBERS),
            BuiltInRole::Contributor => (BuiltInRole::Member.permissions(), OF_CONTRIBUTORS),
            BuiltInRole::Author => (BuiltInRole::Contributor.permissions(), OF_AUTHORS),
            BuiltInRole::Editor => (BuiltInRole::Author.permissions(), OF_EDITORS),
            BuiltInRole::Admin => (PermissionSet::all().without(OF_OWNERS), &[]),
        };
        before.union(PermissionSet::of(own))
    }
}

/// The id of a tenant's own role, such as `rol_3`. A tenant numbers its roles, and uses no number again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoleId(u32);

impl RoleId {
    const RULE: &str = "must be the id of a role like rol_3: the prefix and a number";
    pub const FIRST: RoleId = RoleId(1);

    pub const fn number(self) -> u32 {
        self.0
    }

    pub(crate) fn next(self) -> RoleId {
        RoleId(self.0.saturating_add(1))
    }

    /// `None` for 0.
    pub const fn from_number(number: u32) -> Option<RoleId> {
        if number == 0 { None } else { Some(RoleId(number)) }
    }
}

impl fmt::Display for RoleId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "rol_{}", self.0)
    }
}

impl FromStr for RoleId {
    type Err = InvalidValue;

    /// Reads the one spelling that an id has: a number's parser would also take signs and leading zeros.
    fn from_str(text: &str) -> Result<RoleId, InvalidValue> {
        let number = text.strip_prefix("rol_").and_then(|digits| digits.parse().ok());
        let id = number.and_then(RoleId::from_number).filter(|id| id.to_string() == text);
        id.ok_or(InvalidValue::new(RoleId::RULE))
    }
}

read_through_from_str!(RoleId, RoleId::RULE);

schema!(
    RoleId,
    schemars::json_schema!({ "type": "string", "pattern": "^rol_[1-9][0-9]{0,8}$", "examples": ["rol_3"] })
);

/// A role that a user can be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    BuiltIn(BuiltInRole),
    Custom(RoleId),
}

impl fmt::Display for Role {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Role::BuiltIn(role) => fmt::Display::fmt(role, formatter),
            Role::Custom(id) => fmt::Display::fmt(id, formatter),
        }
    }
}

impl FromStr for Role {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Role, InvalidValue> {
        let built_in = text.parse().map(Role::BuiltIn);
        built_in.or_else(|_| text.parse().map(Role::Custom)).map_err(|_: InvalidValue| Role::rule())
    }
}

impl From<BuiltInRole> for Role {
    fn from(role: BuiltInRole) -> Role {
        Role::BuiltIn(role)
    }
}

impl Role {
    fn rule() -> InvalidValue {
        let names: Vec<&str> = BuiltInRole::ALL.iter().map(|role| role.as_str()).collect();
        format!("must be one of: {}, or the id of a role of the tenant like rol_3", names.join(", ")).into()
    }
}

read_through_from_str!(Role, "must be a string");

schema!(
    Role,
    schemars::json_schema!({
        "anyOf": [
            { "type": "string", "enum": BuiltInRole::ALL },
            { "type": "string", "pattern": "^rol_[1-9][0-9]{0,8}$" },
        ],
        "examples": ["member"],
    })
);

/// The roles of one user: at least one, and not many. Naming one twice names it once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Role>", into = "Vec<Role>")]
pub struct Roles(BTreeSet<Role>);

impl Roles {
    pub const MOST: usize = 10;

    pub fn contains(&self, role: Role) -> bool {
        self.0.contains(&role)
    }

    pub fn has(&self, role: BuiltInRole) -> bool {
        self.contains(Role::BuiltIn(role))
    }

    pub fn iter(&self) -> impl Iterator<Item = Role> {
        self.0.iter().copied()
    }

    /// What those that are built in permit.
    pub fn built_in(&self) -> PermissionSet {
        self.iter().fold(PermissionSet::NONE, |held, role| match role {
            Role::BuiltIn(role) => held.union(role.permissions()),
            Role::Custom(_) => held,
        })
    }

    pub fn custom(&self) -> impl Iterator<Item = RoleId> {
        self.iter().filter_map(|role| match role {
            Role::Custom(id) => Some(id),
            Role::BuiltIn(_) => None,
        })
    }
}

impl From<BuiltInRole> for Roles {
    fn from(role: BuiltInRole) -> Roles {
        Roles(BTreeSet::from([Role::BuiltIn(role)]))
    }
}

impl TryFrom<Vec<Role>> for Roles {
    type Error = InvalidValue;

    fn try_from(roles: Vec<Role>) -> Result<Roles, InvalidValue> {
        match roles.len() {
            1..=Roles::MOST => Ok(Roles(roles.into_iter().collect())),
            _ => Err(format!("must be 1 to {} roles", Roles::MOST).into()),
        }
    }
}

impl From<Roles> for Vec<Role> {
    fn from(Roles(roles): Roles) -> Vec<Role> {
        roles.into_iter().collect()
    }
}

impl schemars::JsonSchema for Roles {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Roles".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let items = generator.subschema_for::<Role>();
        schemars::json_schema!({ "type": "array", "items": items, "minItems": 1, "maxItems": Roles::MOST })
    }
}

/// The permissions of a tenant's own role, which has none of the owner's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Permission>", into = "PermissionSet")]
pub struct CustomPermissions(PermissionSet);

impl CustomPermissions {
    /// Of what is stored: what no role may have is left out.
    pub fn from_stored(permissions: PermissionSet) -> CustomPermissions {
        CustomPermissions(permissions.without(OF_OWNERS))
    }

    pub fn set(self) -> PermissionSet {
        self.0
    }
}

impl From<CustomPermissions> for PermissionSet {
    fn from(CustomPermissions(permissions): CustomPermissions) -> PermissionSet {
        permissions
    }
}

impl TryFrom<Vec<Permission>> for CustomPermissions {
    type Error = InvalidValue;

    fn try_from(permissions: Vec<Permission>) -> Result<CustomPermissions, InvalidValue> {
        let set: PermissionSet = permissions.into_iter().collect();
        match set.meets(OF_OWNERS) {
            false => Ok(CustomPermissions(set)),
            true => Err(format!("must not hold what the owner alone may: {OF_OWNERS}").into()),
        }
    }
}

schema!(CustomPermissions, {
    let names: Vec<&str> = PermissionSet::all().without(OF_OWNERS).iter().map(Permission::as_str).collect();
    schemars::json_schema!({ "type": "array", "items": { "type": "string", "enum": names } })
});

named! {
    /// The one role that a user had before there were several. What was written then has it alone, and functions of
    /// that version read nothing else.
    pub enum OlderRole {
        Member => "member",
        Admin => "admin",
    }
}

impl From<OlderRole> for Roles {
    fn from(role: OlderRole) -> Roles {
        match role {
            OlderRole::Member => BuiltInRole::Member.into(),
            OlderRole::Admin => BuiltInRole::Admin.into(),
        }
    }
}

impl From<&Roles> for OlderRole {
    fn from(roles: &Roles) -> OlderRole {
        if roles.has(BuiltInRole::Admin) { OlderRole::Admin } else { OlderRole::Member }
    }
}

/// The roles in what is stored, of which older commits and rows have one.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum StoredRoles {
    Several(Roles),
    One(OlderRole),
}

impl From<StoredRoles> for Roles {
    fn from(stored: StoredRoles) -> Roles {
        match stored {
            StoredRoles::Several(roles) => roles,
            StoredRoles::One(role) => role.into(),
        }
    }
}

#[cfg(test)]
mod tests;
