//! Links that are mailed to a user, each good once for one purpose.

use jiff::SignedDuration;

use crate::event::{Event, LinkRequested};
use crate::id::UserId;
use crate::rule::named;
use crate::text::Email;
use crate::user::UserStatus;
use crate::{Decision, Stamp};

named! {
    /// What a link lets its reader do.
    pub enum Purpose {
        PasswordReset => "passwordReset",
        /// Its reader chooses a password, and so becomes a user of the tenant.
        Invitation => "invitation",
        /// Its reader chooses a password, and becomes the owner in the place of one who is lost.
        Ownership => "ownership",
        /// Its reader, who has registered, chooses a password.
        Verification => "verification",
        /// Its reader has the mailbox of the new e-mail address.
        EmailChange => "emailChange",
    }
}

impl Purpose {
    /// How long a link is good, from its request on.
    pub const fn lifetime(self) -> SignedDuration {
        match self {
            Self::PasswordReset | Self::Verification | Self::EmailChange => SignedDuration::from_mins(30),
            Self::Invitation | Self::Ownership => SignedDuration::from_hours(7 * 24),
        }
    }

    /// The status of those who can use such a link.
    pub const fn is_for(self) -> UserStatus {
        match self {
            Self::PasswordReset | Self::EmailChange => UserStatus::Active,
            Self::Invitation | Self::Ownership => UserStatus::Invited,
            Self::Verification => UserStatus::PendingVerification,
        }
    }

    /// Decides that a link is to be made and mailed. Whoever asked for it, the user alone will get it.
    pub fn request(self, user: UserId, stamp: Stamp) -> Decision<()> {
        requested(LinkRequested { user, purpose: self, email: None, replaces: None }, stamp)
    }
}

/// Decides that a link is to be mailed to a new address of the user.
pub fn request_email_change(user: UserId, email: Email, stamp: Stamp) -> Decision<()> {
    requested(
        LinkRequested { user, purpose: Purpose::EmailChange, email: Some(email), replaces: None },
        stamp,
    )
}

/// Decides that a link is to be mailed by which the user becomes the owner in the place of this one.
pub fn request_ownership(user: UserId, lost: UserId, stamp: Stamp) -> Decision<()> {
    requested(LinkRequested { user, purpose: Purpose::Ownership, email: None, replaces: Some(lost) }, stamp)
}

fn requested(event: LinkRequested, stamp: Stamp) -> Decision<()> {
    Decision { stamp, events: vec![Event::LinkRequested(event)], next: () }
}
