//! What a user is called, and how to speak to them.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use crate::locale::Locale;
use crate::text::PersonName;
use crate::time_zone::TimeZoneName;

/// A person behind a user, named as in OpenID Connect. It is read as it was stored, maybe by another version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Person {
    /// What others see.
    #[serde(deserialize_with = "PersonName::stored")]
    pub name: PersonName,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<PersonName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<PersonName>,
    /// The language of mails to the user.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "known")]
    pub locale: Option<Locale>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "TimeZoneName::stored")]
    pub time_zone: Option<TimeZoneName>,
}

/// Fields that are `None` stay as they are, and those that are `Some(None)` are cleared.
#[derive(Debug, Clone, Default)]
pub struct PersonChanges {
    pub name: Option<PersonName>,
    pub first_name: Option<Option<PersonName>>,
    pub last_name: Option<Option<PersonName>>,
    pub locale: Option<Option<Locale>>,
    pub time_zone: Option<Option<TimeZoneName>>,
}

impl Person {
    /// One of whom the name alone is known.
    pub fn named(name: PersonName) -> Person {
        Person { name, first_name: None, last_name: None, locale: None, time_zone: None }
    }

    #[must_use]
    pub fn with(self, changes: PersonChanges) -> Person {
        let PersonChanges { name, first_name, last_name, locale, time_zone } = changes;
        Person {
            name: name.unwrap_or(self.name),
            first_name: first_name.unwrap_or(self.first_name),
            last_name: last_name.unwrap_or(self.last_name),
            locale: locale.unwrap_or(self.locale),
            time_zone: time_zone.unwrap_or(self.time_zone),
        }
    }
}

/// A language that only a newer version knows is left out.
fn known<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Locale>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.and_then(|stored| stored.parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> PersonName {
        text.to_owned().try_into().unwrap()
    }

    #[test]
    fn a_person_is_read_as_another_version_wrote_it() {
        let read = |json| serde_json::from_str::<Person>(json).unwrap();
        assert_eq!(read(r#"{"name":"Ada"}"#), Person::named(name("Ada")));
        let newer = read(r#"{"name":"x.example","locale":"tlh","timeZone":"Mars/Olympus"}"#);
        assert_eq!((newer.name.as_str(), newer.locale), ("x.example", None));
        assert_eq!(newer.time_zone.unwrap().as_str(), "Mars/Olympus");
    }

    #[test]
    fn a_person_reads_back_and_fields_change_alone() {
        let all = Person {
            first_name: Some(name("Ada")),
            last_name: Some(name("King")),
            locale: Some(Locale::German),
            time_zone: Some("Europe/London".to_owned().try_into().unwrap()),
            ..Person::named(name("Ada King"))
        };
        let json = serde_json::to_string(&all).unwrap();
        assert_eq!(serde_json::from_str::<Person>(&json).unwrap(), all);
        assert_eq!(all.clone().with(PersonChanges::default()), all);
        let cleared = PersonChanges { last_name: Some(None), ..PersonChanges::default() };
        assert_eq!(all.clone().with(cleared), Person { last_name: None, ..all });
    }
}
