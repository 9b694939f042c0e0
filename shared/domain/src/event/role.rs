use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use super::form::{Form, is_published_whole};
use super::published::published;
use crate::id::UserId;
use crate::permission::PermissionSet;
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

impl Form for RoleDefined {
    const VERSION: NonZeroU32 = NonZeroU32::MIN;
    type Published = PublishedRole;

    fn published(&self) -> PublishedRole {
        PublishedRole { role: self.role, permissions: self.permissions }
    }
}

impl Form for RoleChanged {
    const VERSION: NonZeroU32 = NonZeroU32::MIN;
    type Published = PublishedRole;

    fn published(&self) -> PublishedRole {
        PublishedRole { role: self.role, permissions: self.permissions }
    }
}
