//! The two forms of an event's data: the whole, from which state is replayed, and the part that is published.

use std::num::NonZeroU32;

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::published::Publishable;

/// The version of forms that have been changed once.
pub(super) const SECOND: NonZeroU32 = NonZeroU32::new(2).unwrap();
/// The version of forms that have been changed twice.
pub(super) const THIRD: NonZeroU32 = NonZeroU32::new(3).unwrap();
/// The version of forms that have been changed three times.
pub(super) const FOURTH: NonZeroU32 = NonZeroU32::new(4).unwrap();

pub(super) type Data = Map<String, Value>;

/// The data of a type of events.
pub(super) trait Form: Serialize + DeserializeOwned {
    /// The version of the published form. Raise it when the published form changes in a way that breaks what
    /// was written against it.
    const VERSION: NonZeroU32;

    /// The members that are published. Each of them stands in the whole too, under the same name.
    type Published: Publishable + Serialize + DeserializeOwned + JsonSchema;

    fn published(&self) -> Self::Published;
}

/// Declares events that hold nothing but what is published, each with the version of its form.
macro_rules! is_published_whole {
    ($($type:ident: $version:literal),+) => {
        $(impl $crate::event::form::Form for $type {
            const VERSION: std::num::NonZeroU32 = std::num::NonZeroU32::new($version).unwrap();
            type Published = Self;

            fn published(&self) -> Self {
                self.clone()
            }
        })+
    };
}
pub(super) use is_published_whole;

/// An event's data as it is stored: the published part, and the members that are the tenant's own.
#[cfg_attr(test, derive(Debug, PartialEq))]
pub(super) struct Parts {
    pub(super) published: Data,
    pub(super) own: Data,
}

impl Parts {
    pub(super) fn of<F: Form>(form: &F) -> Result<Parts, serde_json::Error> {
        let (published, mut own) = (object(&form.published())?, object(form)?);
        own.retain(|name, value| published.get(name) != Some(value));
        Ok(Parts { published, own })
    }

    /// The whole: where both parts have a member, the own one is the complete one.
    pub(super) fn whole(self) -> Data {
        let Parts { mut published, own } = self;
        published.extend(own);
        published
    }
}

fn object(value: &impl Serialize) -> Result<Data, serde_json::Error> {
    serde_json::from_value(serde_json::to_value(value)?)
}
