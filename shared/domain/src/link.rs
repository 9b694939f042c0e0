//! Links that are mailed to a user, each good once for one purpose.

use jiff::SignedDuration;

use crate::event::{Event, LinkRequested};
use crate::id::UserId;
use crate::rule::named;
use crate::{Decision, Stamp};

named! {
    /// What a link lets its reader do.
    pub enum Purpose {
        PasswordReset => "passwordReset",
    }
}

impl Purpose {
    /// How long a link is good, from its request on.
    pub const fn lifetime(self) -> SignedDuration {
        match self {
            Self::PasswordReset => SignedDuration::from_mins(30),
        }
    }

    /// Decides that a link is to be made and mailed. Whoever asked for it, the user alone will get it.
    pub fn request(self, user: UserId, stamp: Stamp) -> Decision<()> {
        let event = Event::LinkRequested(LinkRequested { user, purpose: self });
        Decision { stamp, events: vec![event], next: () }
    }
}
