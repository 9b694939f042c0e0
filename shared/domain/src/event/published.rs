//! What the bus may carry: ids, versions, kinds, amounts and times, and neither personal data nor free text.
//!
//! Whoever subscribes to the bus keeps what it carries, in queues, archives and other systems, where nobody can
//! erase it. Consumers of this backend read the rest in the tenant's own log.

use jiff::Timestamp;

use crate::Version;
use crate::comment::CommentStatus;
use crate::id::{CommentId, OrderId, PostId, ProductId, TagJobId, TenantId, UserId};
use crate::link::Purpose;
use crate::money::{Money, Quantity};
use crate::permission::PermissionSet;
use crate::plugin::{PluginName, Release};
use crate::post::PostField;
use crate::role::{RoleId, Roles};
use crate::tag_job::TagJobKind;
use crate::text::TierName;
use crate::tier::{ProductQuota, RequestLimit, UserQuota};
use crate::usage::{Amounts, Cost, Day};

/// A type whose values may be published.
#[diagnostic::on_unimplemented(
    message = "`{Self}` must not be published: it is personal data or free text, or nobody has decided yet",
    note = "leave the field to the event's own form; add a type here only if its values are ids, kinds or amounts"
)]
pub(crate) trait Publishable {}

macro_rules! publishable {
    ($($type:ty),+ $(,)?) => { $(impl Publishable for $type {})+ };
}

publishable!(OrderId, ProductId, TenantId, UserId, Money, Purpose, Quantity, TierName);
publishable!(CommentId, CommentStatus);
publishable!(PostField, PostId, Timestamp, Version);
publishable!(TagJobId, TagJobKind);
publishable!(PermissionSet, RoleId, Roles);
publishable!(PluginName, Release);
publishable!(ProductQuota, RequestLimit, UserQuota);
publishable!(Amounts, Cost, Day);

impl<T: Publishable> Publishable for Option<T> {}
impl<T: Publishable> Publishable for Vec<T> {}

/// Declares the form in which an event is published. A field whose type is not [`Publishable`] does not compile.
macro_rules! published {
    ($($(#[$meta:meta])* pub struct $name:ident { $($(#[$field_meta:meta])* pub $field:ident: $type:ty,)* })+) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
            #[serde(rename_all = "camelCase")]
            pub struct $name { $($(#[$field_meta])* pub $field: $type,)* }

            impl $crate::event::published::Publishable for $name where $($type: $crate::event::published::Publishable,)* {}
        )+
    };
}
pub(super) use published;
