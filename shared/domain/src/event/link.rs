use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use super::form::{Form, SECOND};
use super::published::published;
use crate::id::UserId;
use crate::link::Purpose;
use crate::text::Email;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LinkRequested {
    pub user: UserId,
    pub purpose: Purpose,
    /// Where to mail it, if that is not the user's address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    /// The owner whose place the user is to take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<UserId>,
}

published! {
    pub struct PublishedLinkRequested {
        pub user: UserId,
        pub purpose: Purpose,
    }
}

impl Form for LinkRequested {
    /// The one purpose was a new password in version 1.
    const VERSION: NonZeroU32 = SECOND;
    type Published = PublishedLinkRequested;

    fn published(&self) -> PublishedLinkRequested {
        PublishedLinkRequested { user: self.user, purpose: self.purpose }
    }
}
