use std::num::NonZeroU32;

use schemars::{Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::form::{Form, SECOND, is_published_whole};
use super::published::published;
use crate::id::UserId;
use crate::permission::{Permission, PermissionSet};
use crate::role::RoleId;
use crate::text::RoleName;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleDefined {
    pub role: RoleId,
    pub name: RoleName,
    pub permissions: PermissionSet,
}

/// The name and the permissions after the change, whichever of them changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleChanged {
    pub role: RoleId,
    pub name: RoleName,
    pub permissions: PermissionSet,
}

published! {
    pub struct PublishedRole {
        pub role: RoleId,
        #[schemars(schema_with = "names_of_permissions")]
        pub permissions: PermissionSet,
    }

    pub struct RoleRemoved {
        pub role: RoleId,
    }

    pub struct OwnershipTransferred {
        pub from: UserId,
        pub to: UserId,
    }
}

is_published_whole!(RoleRemoved: 1, OwnershipTransferred: 1);

/// Contexts and plugins add permissions, which readers of events must expect.
fn names_of_permissions(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "array",
        "items": { "type": "string", "pattern": "^[a-z-]+:[a-z-]+$", "examples": [Permission::OrdersRead] },
    })
}

impl Form for RoleDefined {
    /// The permissions were those of version 1 alone, by name.
    const VERSION: NonZeroU32 = SECOND;
    type Published = PublishedRole;

    fn published(&self) -> PublishedRole {
        PublishedRole { role: self.role, permissions: self.permissions }
    }
}

impl Form for RoleChanged {
    /// As of [`RoleDefined`].
    const VERSION: NonZeroU32 = SECOND;
    type Published = PublishedRole;

    fn published(&self) -> PublishedRole {
        PublishedRole { role: self.role, permissions: self.permissions }
    }
}
