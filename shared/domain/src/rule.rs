//! The rules of values, and how values that break theirs are refused when they are read from JSON.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// The rule that a value breaks. Its text, for the client, continues the value's name: "must be 1 to 100
/// characters long".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidValue(Cow<'static, str>);

impl InvalidValue {
    pub(crate) const fn new(rule: &'static str) -> InvalidValue {
        InvalidValue(Cow::Borrowed(rule))
    }
}

impl From<String> for InvalidValue {
    fn from(rule: String) -> InvalidValue {
        InvalidValue(Cow::Owned(rule))
    }
}

/// Reads a value from a JSON string. Any other JSON type breaks the rule `otherwise`.
pub(crate) fn read_text<'de, D, T>(deserializer: D, otherwise: &'static str) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: TryFrom<String, Error = InvalidValue>,
{
    match Scalar::deserialize(deserializer)? {
        Scalar::Text(text) => T::try_from(text).map_err(D::Error::custom),
        Scalar::Unsigned(_) | Scalar::Other => Err(D::Error::custom(otherwise)),
    }
}

/// Reads a value from a JSON number. Any other JSON type, and any number that is no `u64`, breaks the rule
/// `otherwise`.
pub(crate) fn read_whole<'de, D, T>(deserializer: D, otherwise: InvalidValue) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: TryFrom<u64, Error = InvalidValue>,
{
    match Scalar::deserialize(deserializer)? {
        Scalar::Unsigned(number) => T::try_from(number).map_err(D::Error::custom),
        Scalar::Text(_) | Scalar::Other => Err(D::Error::custom(otherwise)),
    }
}

/// Any JSON value, so that a wrong type is refused with the field's rule and not with serde's message.
enum Scalar {
    Text(String),
    Unsigned(u64),
    Other,
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Scalar, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Scalar, E> {
        Ok(Scalar::Text(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Scalar, E> {
        Ok(Scalar::Text(text))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Scalar, E> {
        Ok(Scalar::Unsigned(number))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Scalar, E> {
        Ok(u64::try_from(number).map_or(Scalar::Other, Scalar::Unsigned))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Scalar, E> {
        Ok(Scalar::Other)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Scalar, E> {
        Ok(Scalar::Other)
    }

    fn visit_unit<E: Error>(self) -> Result<Scalar, E> {
        Ok(Scalar::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Scalar, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Scalar, A::Error> {
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Other)
    }
}

/// Declares an enum whose variants have the same names in JSON, in storage and in messages.
macro_rules! named {
    ($(#[$meta:meta])* pub enum $type:ident { $($(#[$variant_meta:meta])* $variant:ident => $name:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $type { $($(#[$variant_meta])* $variant,)+ }

        impl $type {
            pub const ALL: &[$type] = &[$($type::$variant,)+];
            const NAMES: &[&str] = &[$($name,)+];

            /// The name in JSON, in storage and in messages.
            pub fn as_str(self) -> &'static str {
                match self { $($type::$variant => $name,)+ }
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $type {
            type Err = $crate::InvalidValue;

            fn from_str(text: &str) -> Result<$type, $crate::InvalidValue> {
                match text {
                    $($name => Ok($type::$variant),)+
                    _ => Err(format!("must be one of: {}", $type::NAMES.join(", ")).into()),
                }
            }
        }

        $crate::rule::read_through_from_str!($type, "must be a string");

        $crate::rule::schema!($type, schemars::json_schema!({ "type": "string", "enum": $type::NAMES }));
    };
}
pub(crate) use named;

/// Declares a type of whole numbers between two inclusive limits.
macro_rules! whole {
    ($(#[$meta:meta])* $type:ident, $least:literal..=$most:literal) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
        #[serde(transparent)]
        pub struct $type(u64);

        impl $type {
            pub const LEAST: $type = $type($least);
            pub const MOST: $type = $type($most);

            pub const fn get(self) -> u64 {
                self.0
            }

            fn rule() -> $crate::InvalidValue {
                let (least, most) = ($type::LEAST.0, $type::MOST.0);
                format!("must be a whole number from {least} to {most}").into()
            }
        }

        impl TryFrom<u64> for $type {
            type Error = $crate::InvalidValue;

            fn try_from(number: u64) -> Result<$type, $crate::InvalidValue> {
                if ($least..=$most).contains(&number) { Ok($type(number)) } else { Err($type::rule()) }
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<$type, D::Error> {
                $crate::rule::read_whole(deserializer, $type::rule())
            }
        }

        $crate::rule::schema!($type, schemars::json_schema!({
            "type": "integer", "minimum": $type::LEAST.0, "maximum": $type::MOST.0,
        }));
    };
}
pub(crate) use whole;

/// Implements `JsonSchema` with the given schema, under the type's own name.
macro_rules! schema {
    ($type:ident, $schema:expr) => {
        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                $schema
            }
        }
    };
}
pub(crate) use schema;

/// Implements serde's traits and `TryFrom<String>` by `Display` and `FromStr`. Any other JSON type than a
/// string breaks the rule `$otherwise`.
macro_rules! read_through_from_str {
    ($type:ident, $otherwise:expr) => {
        impl TryFrom<String> for $type {
            type Error = $crate::InvalidValue;

            fn try_from(text: String) -> Result<$type, $crate::InvalidValue> {
                text.parse()
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<$type, D::Error> {
                $crate::rule::read_text(deserializer, $otherwise)
            }
        }
    };
}
pub(crate) use read_through_from_str;
