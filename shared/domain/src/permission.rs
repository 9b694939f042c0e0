//! Permissions, each of which a route may demand, and sets of them.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

use crate::rule::named;

/// Declares the permissions: the name of each, and the character that stands for it where it is stored, which never
/// changes.
macro_rules! permissions {
    ($($(#[$doc:meta])* $variant:ident => $name:literal, $code:literal;)+) => {
        named! {
            /// What a user may do in a tenant. A context adds its own by a line; which role has it says
            /// [`BuiltInRole::permissions`](crate::role::BuiltInRole::permissions).
            pub enum Permission { $($(#[$doc])* $variant => $name,)+ }
        }

        impl Permission {
            const fn code(self) -> char {
                match self { $(Permission::$variant => $code,)+ }
            }
        }
    };
}

permissions! {
    /// To be the tenant's owner, and to make another one it. No role that can be given has it.
    TenantOwn => "tenant:own", 'O';
    /// To decide how users sign in.
    SignInManage => "sign-in:manage", 'S';
    TenantManage => "tenant:manage", 'T';
    UsersRead => "users:read", 'u';
    UsersManage => "users:manage", 'U';
    RolesManage => "roles:manage", 'R';
    AuditRead => "audit:read", 'a';
    CatalogRead => "catalog:read", 'c';
    CatalogManage => "catalog:manage", 'C';
    /// To place orders, and to change one's own.
    OrdersPlace => "orders:place", 'p';
    /// To see the orders of all.
    OrdersRead => "orders:read", 'o';
    /// To change the orders of all, as far as they are seen, and to be told of them.
    OrdersManage => "orders:manage", 'M';
    /// To read what is published.
    PostsRead => "posts:read", 'd';
    /// To write drafts, and to change one's own.
    PostsWrite => "posts:write", 'w';
    /// To publish one's own posts.
    PostsPublish => "posts:publish", 'P';
    /// To see, change and publish the posts of all, and to rename and merge tags.
    PostsManage => "posts:manage", 'E';
    /// To comment on posts, and to change and delete one's own comments.
    CommentsWrite => "comments:write", 'k';
    /// To see the comments of all, and to approve and delete them.
    CommentsModerate => "comments:moderate", 'K';
}

/// A set of permissions. Its text is their names with spaces between them. Names and codes that only a newer version
/// knows are left out when it is read.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct PermissionSet(u64);

const _: () = assert!(Permission::ALL.len() <= 64, "a set has a bit for each permission");

impl Permission {
    const fn bit(self) -> u64 {
        1 << self as u32
    }
}

impl PermissionSet {
    pub const NONE: PermissionSet = PermissionSet(0);

    pub const fn of(permissions: &[Permission]) -> PermissionSet {
        let (mut bits, mut index) = (0, 0);
        while index < permissions.len() {
            bits |= permissions[index].bit();
            index += 1;
        }
        PermissionSet(bits)
    }

    pub const fn all() -> PermissionSet {
        PermissionSet::of(Permission::ALL)
    }

    pub const fn contains(self, permission: Permission) -> bool {
        self.0 & permission.bit() != 0
    }

    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub const fn is_within(self, other: PermissionSet) -> bool {
        self.0 & !other.0 == 0
    }

    /// Whether the two share a permission.
    pub const fn meets(self, other: PermissionSet) -> bool {
        self.0 & other.0 != 0
    }

    #[must_use]
    pub const fn union(self, other: PermissionSet) -> PermissionSet {
        PermissionSet(self.0 | other.0)
    }

    #[must_use]
    pub const fn without(self, other: PermissionSet) -> PermissionSet {
        PermissionSet(self.0 & !other.0)
    }

    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |permission| self.contains(*permission))
    }

    /// Reads names with spaces between them, as they are written by `Display`.
    pub fn named_in(text: &str) -> PermissionSet {
        text.split(' ').filter_map(|name| name.parse().ok()).collect()
    }

    /// The short form in which a set is stored.
    pub fn codes(self) -> String {
        self.iter().map(Permission::code).collect()
    }

    pub fn from_codes(codes: &str) -> PermissionSet {
        Permission::ALL.iter().copied().filter(|permission| codes.contains(permission.code())).collect()
    }
}

impl From<Permission> for PermissionSet {
    fn from(permission: Permission) -> PermissionSet {
        PermissionSet::of(&[permission])
    }
}

impl FromIterator<Permission> for PermissionSet {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> PermissionSet {
        permissions.into_iter().fold(PermissionSet::NONE, |set, one| set.union(PermissionSet(one.bit())))
    }
}

impl fmt::Display for PermissionSet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.iter().map(Permission::as_str).collect();
        formatter.write_str(&names.join(" "))
    }
}

impl fmt::Debug for PermissionSet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{{{self}}}")
    }
}

impl Serialize for PermissionSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for PermissionSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<PermissionSet, D::Error> {
        let names = Vec::<String>::deserialize(deserializer)?;
        Ok(names.iter().filter_map(|name| name.parse().ok()).collect())
    }
}

impl JsonSchema for PermissionSet {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PermissionSet".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({ "type": "array", "items": generator.subschema_for::<Permission>() })
    }
}

#[cfg(test)]
mod tests;
