//! The types of events, and what is written of each.
//!
//! The data of an event is never changed in place, since old commits stay as they were written: a change adds
//! members that may be missing, or another type of event.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};

use super::form::{Data, Form, Parts};
use super::tagged::is_hidden;
use super::*;
use crate::InvalidValue;
use crate::rule::{read_through_from_str, schema};

/// Declares `EventType` with the name of each type, and `Event` with the data type of the same name.
macro_rules! events {
    ($($(#[doc = $about:literal])+ $type:ident => $name:literal,)+) => {
        /// The type of an event, by its name in the API and on the event bus.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
        pub enum EventType { $(#[serde(rename = $name)] $type,)+ }

        impl EventType {
            pub const ALL: &[Self] = &[$(Self::$type,)+];

            /// The name, which is the event's `detail-type` on the bus.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$type => $name,)+ }
            }

            /// What has happened, in a sentence.
            pub fn about(self) -> &'static str {
                match self { $(Self::$type => concat!($($about,)+).trim_ascii(),)+ }
            }

            /// The version of the form in which events of this type are published now.
            pub fn version(self) -> NonZeroU32 {
                match self { $(Self::$type => <$type as Form>::VERSION,)+ }
            }

            /// Fails if the data does not have the published form. It may have more members.
            pub(super) fn check_published(self, data: &Data) -> Result<(), Unreadable> {
                let is_read = match self {
                    $(Self::$type => <<$type as Form>::Published as Deserialize>::deserialize(data).is_ok(),)+
                };
                let broken = || Unreadable::Broken(format!("{} has data of another form", self.as_str()));
                is_read.then_some(()).ok_or_else(broken)
            }

            /// The schema of the data that is published.
            pub fn schema(self, generator: &mut SchemaGenerator) -> Schema {
                match self { $(Self::$type => <<$type as Form>::Published>::json_schema(generator),)+ }
            }
        }

        /// An event with its data.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Event { $($type($type),)+ }

        impl Event {
            pub fn event_type(&self) -> EventType {
                match self { $(Self::$type(_) => EventType::$type,)+ }
            }

            pub(super) fn parts(&self) -> Result<Parts, serde_json::Error> {
                match self { $(Self::$type(data) => Parts::of(data),)+ }
            }

            /// Reads the whole data of any version that was ever written. This is the place to convert what an
            /// older version has written.
            fn from_whole(event_type: EventType, whole: Data) -> Result<Self, serde_json::Error> {
                match event_type { $(EventType::$type => serde_json::from_value(whole.into()).map(Self::$type),)+ }
            }
        }
    };
}

events! {
    /// A tenant was onboarded, with its first admin.
    TenantOnboarded => "tenant.onboarded",
    /// A tenant got another name.
    TenantRenamed => "tenant.renamed",
    /// It was changed who may register as a user of a tenant.
    RegistrationChanged => "tenant.registrationChanged",
    /// A tenant was suspended, and its users cannot act any more.
    TenantSuspended => "tenant.suspended",
    /// A suspended tenant was resumed.
    TenantResumed => "tenant.resumed",
    /// A tenant got another tier, or a limit or a feature of its own.
    TenantTermsChanged => "tenant.termsChanged",
    /// A plugin was activated in a tenant, or again in another release.
    PluginActivated => "plugin.activated",
    /// A plugin was deactivated, and keeps its data.
    PluginDeactivated => "plugin.deactivated",
    /// It was changed what a tenant has set of a plugin.
    PluginConfigured => "plugin.configured",
    /// The data of a plugin is to be erased.
    PluginPurgeRequested => "plugin.purgeRequested",
    /// Nothing is left of the data of a plugin.
    PluginPurged => "plugin.purged",
    /// A day of a tenant is over, and what it has used is told once.
    UsageClosed => "usage.closed",
    /// A user was invited, and cannot act before a password is chosen.
    UserInvited => "user.invited",
    /// A user was registered, or has accepted an invitation.
    UserRegistered => "user.registered",
    /// What is known of a user, or the user's roles, were changed.
    UserUpdated => "user.updated",
    /// A user was deactivated, and cannot sign in any more.
    UserDeactivated => "user.deactivated",
    /// A deactivated user was activated again.
    UserReactivated => "user.reactivated",
    /// A user was deleted, and only the id is left.
    UserDeleted => "user.deleted",
    /// A user has another e-mail address, which is confirmed.
    EmailChanged => "user.emailChanged",
    /// A user has chosen another password.
    PasswordChanged => "user.passwordChanged",
    /// All sessions of a user were ended.
    UserSessionsEnded => "user.sessionsEnded",
    /// A tenant has defined a role of its own.
    RoleDefined => "role.defined",
    /// A tenant's own role got another name or other permissions.
    RoleChanged => "role.changed",
    /// A tenant's own role was removed.
    RoleRemoved => "role.removed",
    /// A tenant got another owner.
    OwnershipTransferred => "tenant.ownershipTransferred",
    /// A link for a user was asked for, by anybody who knows the user's address.
    LinkRequested => "link.requested",
    /// A product was added to the catalogue.
    ProductCreated => "product.created",
    /// A product's name or price was changed.
    ProductUpdated => "product.updated",
    /// A product was retired, and cannot be ordered any more.
    ProductRetired => "product.retired",
    /// An order was placed.
    OrderPlaced => "order.placed",
    /// A line was added to an order.
    LineAdded => "order.lineAdded",
    /// A line was removed from an order.
    LineRemoved => "order.lineRemoved",
    /// An order was confirmed.
    OrderConfirmed => "order.confirmed",
    /// An order was cancelled.
    OrderCancelled => "order.cancelled",
    /// A post was begun, as a draft.
    PostCreated => "post.created",
    /// What a post says was changed. If it is published, readers see that at once.
    PostEdited => "post.edited",
    /// A post is to be published later, or at another time than before.
    PostScheduled => "post.scheduled",
    /// A post was published.
    PostPublished => "post.published",
    /// A published or scheduled post was made a draft again.
    PostUnpublished => "post.unpublished",
    /// A post says again what it said at a version.
    PostRestored => "post.restored",
    /// A post was deleted.
    PostDeleted => "post.deleted",
    /// A tag is to get another name, or to be merged into another one, in all posts that have it.
    TagJobRequested => "tagJob.requested",
    /// Somebody has commented on a post. Others see it once it is approved.
    CommentPosted => "comment.posted",
    /// What a comment says was changed by its author.
    CommentEdited => "comment.edited",
    /// What a comment says is shown for the first time: a moderator has approved it as it was written, or as it was edited
    /// since, or it did not have to wait for one.
    CommentApproved => "comment.approved",
    /// A moderator has taken a comment for spam, let it wait again, or approved it once more.
    CommentModerated => "comment.moderated",
    /// A comment was deleted, and nothing of its text is left.
    CommentDeleted => "comment.deleted",
}

impl Event {
    /// Reads an event by its type's name, the version of its published form, and its whole data.
    pub(super) fn read(name: &TypeName, version: NonZeroU32, whole: Data) -> Result<Event, Unreadable> {
        let event_type = name.read()?;
        if version > event_type.version() {
            return Err(Unreadable::Unknown(format!("version {version} of {name}")));
        }
        // The parser's own words may quote what a person has entered.
        Event::from_whole(event_type, whole)
            .map_err(|_| Unreadable::Broken(format!("{name} has data of another form")))
    }
}

/// The name of a type of events, which may be newer than this version.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TypeName(String);

impl TypeName {
    const RULE: &str = "must be the name of a type of events, like order.placed";

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn read(&self) -> Result<EventType, Unreadable> {
        let known = EventType::ALL.iter().find(|known| known.as_str() == self.0);
        let known = known.filter(|_| !is_hidden(&self.0));
        known.copied().ok_or_else(|| Unreadable::Unknown(format!("the event type {self}")))
    }
}

impl From<EventType> for TypeName {
    fn from(event_type: EventType) -> TypeName {
        TypeName(event_type.as_str().to_owned())
    }
}

impl FromStr for TypeName {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<TypeName, InvalidValue> {
        let is_word = |word: &str| {
            word.starts_with(|first: char| first.is_ascii_lowercase())
                && word.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        match text.contains('.') && text.split('.').all(is_word) && text.len() <= 64 {
            true => Ok(TypeName(text.to_owned())),
            false => Err(InvalidValue::new(TypeName::RULE)),
        }
    }
}

impl fmt::Display for TypeName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

read_through_from_str!(TypeName, TypeName::RULE);

schema!(
    TypeName,
    schemars::json_schema!({
        "type": "string", "pattern": r"^[a-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9]*)+$", "maxLength": 64,
        "examples": [EventType::OrderPlaced.as_str()],
    })
);

#[cfg(test)]
mod tests;
