//! A deserializer for JSON whose errors hold the field and the rule that they are about, so that they can be
//! reported in the API's own words without parsing `serde_json`'s messages.
//!
//! A struct is read from an object alone, where `serde_json` also accepts an array. When a value cannot be read, every
//! part of it is tried by itself.

mod broken;
mod unreadable;
mod verbatim;

use std::{fmt, vec};

use schemars::JsonSchema;
use serde::de::value::{StrDeserializer, StringDeserializer};
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::value::RawValue;

pub(crate) use self::broken::{Broken, MOST_INVALID};
use self::broken::{Step, broken};
pub(crate) use self::unreadable::Unreadable;
use self::verbatim::VERBATIM;
pub use self::verbatim::Verbatim;

/// The text of one JSON value; or, with steps, a value in which nothing lies but the text at their end.
#[derive(Clone, Copy)]
pub(crate) struct Json<'s, 'de> {
    steps: &'s [Step<'de>],
    text: &'de str,
    /// Whether the text is to be tried: nothing matters but the outcome of reading it.
    is_trial: bool,
}

impl<'s, 'de> Json<'s, 'de> {
    pub(crate) fn parse(text: &'de str) -> Result<Self, Unreadable> {
        let raw: &RawValue = serde_json::from_str(text)?;
        Ok(Self::whole(raw.get()))
    }

    fn whole(text: &'de str) -> Self {
        Self { steps: Default::default(), text, is_trial: false }
    }

    /// The value, or every part of it that breaks a rule.
    pub(crate) fn read<T: DeserializeOwned + JsonSchema>(self) -> Result<T, Vec<Broken>> {
        T::deserialize(self).map_err(|error| broken::<T>(self.text, error))
    }

    pub(crate) fn is_empty_object(self) -> bool {
        self.kind() == b'{' && entries(self.text).is_ok_and(|entries| entries.is_empty())
    }

    /// The first byte of the text, which tells the type of the value.
    fn kind(self) -> u8 {
        match self.steps.first() {
            Some(Step::Member(_) | Step::Repeated { .. }) => b'{',
            Some(Step::Item(_)) => b'[',
            None => self.text.as_bytes().first().copied().unwrap_or_default(),
        }
    }

    /// The text as a whole is JSON; an escape in it may still be half of a character.
    fn string(self) -> Result<String, Unreadable> {
        serde_json::from_str(self.text).map_err(|_| half_a_character())
    }

    fn members(self) -> Result<Members<'s, 'de>, Unreadable> {
        let (rest, part) = match self.steps.split_first() {
            None => (entries(self.text)?, None),
            Some((step, steps)) => {
                let part = Json { steps, ..self };
                match step {
                    Step::Member(name) => (Vec::new(), Some((name.as_str(), part))),
                    Step::Repeated { name, first } => {
                        (vec![(name.clone(), *first)], Some((name.as_str(), part)))
                    }
                    Step::Item(_) => (Vec::new(), None),
                }
            }
        };
        Ok(Members { rest: rest.into_iter(), part, value: None })
    }

    fn items(self) -> Result<Items<'s, 'de>, Unreadable> {
        Ok(match self.steps.split_first() {
            None => Items { rest: raw_items(self.text)?.into_iter(), part: None },
            Some((_, steps)) => Items { rest: Vec::new().into_iter(), part: Some(Json { steps, ..self }) },
        })
    }

    /// The outcome, or the end of the trial if this is the text that was to be tried.
    fn judged<V>(self, outcome: Result<V, Unreadable>) -> Result<V, Unreadable> {
        match self.is_trial && self.steps.is_empty() {
            true => Err(Unreadable::Tried(outcome.map(drop).map_err(Box::new))),
            false => outcome,
        }
    }

    /// Passes on a number of any size, so that it is the value's own rule that refuses it.
    fn visit_number<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match (self.text.parse::<u64>(), self.text.parse::<i64>(), self.text.parse::<f64>()) {
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

impl<'de> Deserializer<'de> for Json<'_, 'de> {
    type Error = Unreadable;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.kind() {
            b'{' => visitor.visit_map(self.members()?),
            b'[' => visitor.visit_seq(self.items()?),
            b'"' => visitor.visit_string(self.string()?),
            b't' | b'f' => visitor.visit_bool(serde_json::from_str(self.text)?),
            b'n' => visitor.visit_unit(),
            _ => self.visit_number(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.kind() {
            b'n' => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        match self.kind() == b'{' {
            true => visitor.visit_map(self.members()?),
            false => Err(Unreadable::BrokenRule("must be an object".to_owned())),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        match name {
            VERBATIM => visitor.visit_string(self.text.to_owned()),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    /// The enums in requests are strings, as their variants have no data.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        match self.kind() == b'"' {
            true => visitor.visit_enum(self.string()?.into_deserializer()),
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
type Entries<'de> = Vec<(String, &'de RawValue)>;

fn entries(text: &str) -> Result<Entries<'_>, Unreadable> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    deserializer.deserialize_map(EntriesVisitor).map_err(|_| half_a_character())
}

fn raw_items(text: &str) -> Result<Vec<&RawValue>, Unreadable> {
    Ok(serde_json::from_str(text)?)
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
        Ok(entries)
    }
}

struct Members<'s, 'de> {
    rest: vec::IntoIter<(String, &'de RawValue)>,
    /// The last member of a value of which only a part is there.
    part: Option<(&'s str, Json<'s, 'de>)>,
    /// The value of the key that was read last.
    value: Option<Json<'s, 'de>>,
}

impl<'de> MapAccess<'de> for Members<'_, 'de> {
    type Error = Unreadable;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Unreadable> {
        if let Some((name, value)) = self.rest.next() {
            self.value = Some(Json::whole(value.get()));
            let name: StringDeserializer<Unreadable> = name.into_deserializer();
            return seed.deserialize(name).map(Some);
        }
        let Some((name, part)) = self.part.take() else { return Ok(None) };
        self.value = Some(part);
        let name: StrDeserializer<'_, Unreadable> = name.into_deserializer();
        seed.deserialize(name).map(Some).or_else(|error| part.judged(Err(error)))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Unreadable> {
        let early = || Unreadable::BrokenRule("a value was read before its key".to_owned());
        let value = self.value.take().ok_or_else(early)?;
        value.judged(seed.deserialize(value))
    }
}

struct Items<'s, 'de> {
    rest: vec::IntoIter<&'de RawValue>,
    /// The only item of a value of which only a part is there.
    part: Option<Json<'s, 'de>>,
}

impl<'de> SeqAccess<'de> for Items<'_, 'de> {
    type Error = Unreadable;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Unreadable> {
        let whole = self.rest.next().map(|item| Json::whole(item.get()));
        let next = whole.or_else(|| self.part.take());
        next.map(|item| item.judged(seed.deserialize(item))).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len() + usize::from(self.part.is_some()))
    }
}

#[cfg(test)]
mod tests;
