//! A deserializer for JSON whose errors hold the field and the rule that they are about, so that they can be
//! reported in the API's own words without parsing `serde_json`'s messages.
//!
//! A struct is read from an object alone, where `serde_json` also accepts an array.

use std::fmt;
use std::vec;

use serde::de::value::StringDeserializer;
use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::value::RawValue;

/// Why a value cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    NotJson(String),
    UnknownField(String),
    MissingField(&'static str),
    RepeatedField(&'static str),
    BrokenRule(String),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson(reason) => write!(formatter, "not JSON: {reason}"),
            Self::UnknownField(_) => formatter.write_str("is not a known field"),
            Self::MissingField(_) => formatter.write_str("is required"),
            Self::RepeatedField(_) => formatter.write_str("may be sent once"),
            Self::BrokenRule(rule) => formatter.write_str(rule),
        }
    }
}

impl std::error::Error for Unreadable {}

impl de::Error for Unreadable {
    fn custom<T: fmt::Display>(rule: T) -> Self {
        Self::BrokenRule(rule.to_string())
    }

    fn invalid_type(_: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::BrokenRule(format!("must be {expected}"))
    }

    fn invalid_value(_: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::BrokenRule(format!("must be {expected}"))
    }

    fn invalid_length(_: usize, expected: &dyn de::Expected) -> Self {
        Self::BrokenRule(format!("must be {expected}"))
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self::BrokenRule(format!("must be one of: {}", expected.join(", ")))
    }

    fn unknown_field(field: &str, _: &'static [&'static str]) -> Self {
        Self::UnknownField(field.to_owned())
    }

    fn missing_field(field: &'static str) -> Self {
        Self::MissingField(field)
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::RepeatedField(field)
    }
}

impl From<serde_json::Error> for Unreadable {
    fn from(error: serde_json::Error) -> Self {
        Self::NotJson(error.to_string())
    }
}

/// The text of one JSON value.
#[derive(Clone, Copy)]
pub(crate) struct Json<'de>(&'de str);

impl<'de> Json<'de> {
    pub(crate) fn parse(text: &'de str) -> Result<Self, Unreadable> {
        let raw: &RawValue = serde_json::from_str(text)?;
        Ok(Self(raw.get()))
    }

    pub(crate) fn is_empty_object(self) -> bool {
        self.0.starts_with('{') && self.members().is_ok_and(|members| members.rest.len() == 0)
    }

    /// The text as a whole is JSON; an escape in it may still be half of a character.
    fn text(self) -> Result<String, Unreadable> {
        serde_json::from_str(self.0).map_err(|_| half_a_character())
    }

    fn members(self) -> Result<Members<'de>, Unreadable> {
        let Entries(entries) = serde_json::from_str(self.0).map_err(|_| half_a_character())?;
        Ok(Members { rest: entries.into_iter(), value: None })
    }

    fn items(self) -> Result<Items<'de>, Unreadable> {
        Ok(Items(serde_json::from_str::<Vec<&RawValue>>(self.0)?.into_iter()))
    }

    /// Passes on a number of any size, so that it is the value's own rule that refuses it.
    fn visit_number<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match (self.0.parse::<u64>(), self.0.parse::<i64>(), self.0.parse::<f64>()) {
            (Ok(number), _, _) => visitor.visit_u64(number),
            (_, Ok(number @ ..0), _) => visitor.visit_i64(number),
            (_, _, Ok(number)) => visitor.visit_f64(number),
            (_, _, Err(error)) => Err(Unreadable::NotJson(error.to_string())),
        }
    }
}

fn half_a_character() -> Unreadable {
    Unreadable::NotJson("an escape stands for half of a character".to_owned())
}

impl<'de> Deserializer<'de> for Json<'de> {
    type Error = Unreadable;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.0.as_bytes().first() {
            Some(b'{') => visitor.visit_map(self.members()?),
            Some(b'[') => visitor.visit_seq(self.items()?),
            Some(b'"') => visitor.visit_string(self.text()?),
            Some(b't' | b'f') => visitor.visit_bool(serde_json::from_str(self.0)?),
            Some(b'n') => visitor.visit_unit(),
            _ => self.visit_number(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.0 {
            "null" => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        match self.0.starts_with('{') {
            true => visitor.visit_map(self.members()?),
            false => Err(Unreadable::BrokenRule("must be an object".to_owned())),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_newtype_struct(self)
    }

    /// The enums in requests are strings, as their variants have no data.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        match self.0.starts_with('"') {
            true => visitor.visit_enum(self.text()?.into_deserializer()),
            false => Err(de::Error::unknown_variant("", variants)),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map identifier
    }
}

/// The members of an object in their order, including repeated ones.
struct Entries<'de>(Vec<(String, &'de RawValue)>);

impl<'de> Deserialize<'de> for Entries<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntriesVisitor)
    }
}

struct EntriesVisitor;

impl<'de> Visitor<'de> for EntriesVisitor {
    type Value = Entries<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries<'de>, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Entries(entries))
    }
}

struct Members<'de> {
    rest: vec::IntoIter<(String, &'de RawValue)>,
    /// The value of the key that was read last.
    value: Option<&'de RawValue>,
}

impl<'de> MapAccess<'de> for Members<'de> {
    type Error = Unreadable;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Unreadable> {
        let Some((key, value)) = self.rest.next() else { return Ok(None) };
        self.value = Some(value);
        let key: StringDeserializer<Unreadable> = key.into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Unreadable> {
        let early = || Unreadable::BrokenRule("a value was read before its key".to_owned());
        let value = self.value.take().ok_or_else(early)?;
        seed.deserialize(Json(value.get()))
    }
}

struct Items<'de>(vec::IntoIter<&'de RawValue>);

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Unreadable;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Unreadable> {
        self.0.next().map(|item| seed.deserialize(Json(item.get()))).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

#[cfg(test)]
mod tests;
