//! Names of people. Others read them, in programs that make links of what looks like an address.

use serde::de::Error;
use serde::{Deserialize, Deserializer};

use super::{NAME, PersonName};
use crate::rule::InvalidValue;

/// The patterns of [`no_address`], in its order: no `@`; no `:/`; behind a dot not two characters of a word.
pub(super) const NO_AT: &str = "^[^@]*$";
pub(super) const NO_SCHEME: &str = "^([^:]|:+([^:/]|$))*$";
pub(super) const NO_DOMAIN: &str = concat!(
    r"^[^.\u3002\uff0e\uff61]*",
    r"([.\u3002\uff0e\uff61]",
    // One character of a word, which is neither a dot nor one of those below.
    r"[^\u0000-/:-@\[-`{-\u00bf\u2000-\u206f\u3000-\u303f\uff0e\uff61]?",
    r"([\u0000-\-/:-@\[-`{-\u00bf\u2000-\u206f\u3000\u3001\u3003-\u303f][^.\u3002\uff0e\uff61]*)?)*$",
);

/// Initials may follow each other, as in "J.R.R." and "M.D."; a domain ends with a word.
pub(super) fn no_address(text: &str) -> Result<(), InvalidValue> {
    let in_word = |character: &char| !is_dot(*character) && !is_between_words(*character);
    let ends_with_word =
        |(at, dot): (usize, &str)| text[at + dot.len()..].chars().take(2).filter(in_word).count() == 2;
    let is_domain = text.match_indices(is_dot).any(ends_with_word);
    match is_domain || text.contains('@') || text.contains(":/") {
        false => Ok(()),
        true => Err(InvalidValue::new("must not look like an address, with @, :/ or a dot within a word")),
    }
}

/// Those of domain names in any script.
fn is_dot(character: char) -> bool {
    matches!(character, '.' | '\u{3002}' | '\u{ff0e}' | '\u{ff61}')
}

fn is_between_words(character: char) -> bool {
    matches!(character,
        '\0'..='/' | ':'..='@' | '['..='`' | '{'..='\u{bf}' | '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{303f}')
}

impl PersonName {
    /// Reads a name as it is stored, maybe of before there was a rule against addresses.
    pub(crate) fn stored<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PersonName, D::Error> {
        PersonName::from_stored(String::deserialize(deserializer)?).map_err(D::Error::custom)
    }

    /// Of a name that is stored, maybe of before there was a rule against addresses.
    pub fn from_stored(text: String) -> Result<PersonName, InvalidValue> {
        NAME.validate(text).map(PersonName)
    }
}
