//! Identifiers: a prefix for the kind of thing, and a UUID as 32 lower-case hexadecimal digits. They sort as
//! their texts do.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use uuid::Uuid;

use crate::rule::{InvalidValue, read_through_from_str, schema};

mod sealed {
    pub trait Sealed {}
}

/// Any of the identifiers of this module.
pub trait Id:
    sealed::Sealed + Copy + fmt::Display + FromStr<Err = InvalidValue> + Send + Sync + 'static
{
    fn from_uuid(uuid: Uuid) -> Self;
}

macro_rules! id {
    ($(#[$meta:meta])* $type:ident, $prefix:literal) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $type(Uuid);

        impl $type {
            const RULE: &str = concat!("must be an id like ", $prefix, "…: the prefix and 32 lower-case hexadecimal digits");

            pub const fn from_uuid(uuid: Uuid) -> $type {
                $type(uuid)
            }

            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl sealed::Sealed for $type {}

        impl Id for $type {
            fn from_uuid(uuid: Uuid) -> $type {
                $type(uuid)
            }
        }

        impl FromStr for $type {
            type Err = InvalidValue;

            fn from_str(text: &str) -> Result<$type, InvalidValue> {
                text.strip_prefix($prefix)
                    .and_then(simple_uuid)
                    .map($type)
                    .ok_or(InvalidValue::new($type::RULE))
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, concat!($prefix, "{}"), self.0.simple())
            }
        }

        impl fmt::Debug for $type {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, formatter)
            }
        }

        read_through_from_str!($type, $type::RULE);

        schema!($type, schemars::json_schema!({
            "type": "string",
            "pattern": concat!("^", $prefix, "[0-9a-f]{32}$"),
            "examples": [concat!($prefix, "0199c0de5a7f7cc0b5a58d0a3b8a1c2d")],
        }));
    };
}

id!(TenantId, "ten_");
id!(UserId, "usr_");
id!(ProductId, "prd_");
id!(OrderId, "ord_");
id!(PostId, "pst_");
id!(
    /// A job that changes a tag in all posts.
    TagJobId, "tjb_"
);
id!(CommentId, "cmt_");
id!(EventId, "evt_");
id!(NotificationId, "ntf_");
id!(
    /// A session, which begins with a log-in and continues with each refresh of its tokens.
    SessionId, "ses_"
);
id!(
    /// A link that is mailed to a user.
    LinkId, "lnk_"
);

impl UserId {
    /// When the id was made, in whole milliseconds: every id of a user is a UUID of version 7.
    pub fn made_at(self) -> Timestamp {
        made_at(self.0)
    }
}

impl PostId {
    /// When the id was made, in whole milliseconds: every id of a post is a UUID of version 7.
    pub fn made_at(self) -> Timestamp {
        made_at(self.0)
    }
}

impl PostId {
    /// The greatest id that can be made in the same millisecond.
    #[must_use]
    pub fn last_of_its_millisecond(self) -> PostId {
        PostId(Uuid::from_u128(self.0.as_u128() | (u128::MAX >> 48)))
    }
}

impl CommentId {
    /// When the id was made, in whole milliseconds: every id of a comment is a UUID of version 7.
    pub fn made_at(self) -> Timestamp {
        made_at(self.0)
    }
}

fn made_at(uuid: Uuid) -> Timestamp {
    let milliseconds = (uuid.as_u128() >> 80) as i64;
    Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::MAX)
}

/// Parses the one spelling that an id has: the UUID parser would also take hyphens, braces and upper-case
/// digits.
pub(crate) fn simple_uuid(digits: &str) -> Option<Uuid> {
    let spelled = digits.len() == 32 && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    spelled.then(|| Uuid::try_parse(digits).ok()).flatten()
}

#[cfg(test)]
mod tests;
