//! The schemas that stand in `docs/events` are published: consumers are written against them.

use std::io::ErrorKind;
use std::path::Path;

use serde_json::Value;

use super::compatibility::differences;
use super::schemas;
use crate::catalogue::{PublishedEvent, PublishedLanguage};
use crate::{ContractError, files::file_error};

const FOLDER: &str = "docs/events";

#[derive(Debug, thiserror::Error)]
pub enum PublishedError {
    #[error(
        "{event} version {version} is not compatible with {FOLDER}/{name}: {differences}; raise its version, or restore the \
         file if it was never merged"
    )]
    Event { event: String, version: u32, name: String, differences: String },
    #[error(
        "the envelope is not compatible with {FOLDER}/{name}: {differences}; keep what consumers read and add members \
         beside it, or restore the file if it was never merged"
    )]
    Envelope { name: String, differences: String },
    #[error(
        "{FOLDER}/{name} is of no type of the catalogue; put the type back, since an event that is no longer published \
         keeps it, or remove the file if nobody has seen it"
    )]
    Dropped { name: String },
    #[error(
        "{FOLDER}/{name} is newer than version {version} of the catalogue; raise the version, or remove the file if \
         nobody has seen it"
    )]
    Newer { name: String, version: u32 },
    #[error("{FOLDER}/{name} cannot be read: {error}; restore it")]
    Unreadable { name: String, error: serde_json::Error },
}

/// A schema as it was published.
struct Published {
    name: String,
    text: String,
}

/// Compares the schemas that are published with those of the catalogue.
pub(crate) fn check_compatibility(docs: &Path, language: &PublishedLanguage) -> Result<(), ContractError> {
    for published in read(&docs.join("events"))? {
        published.check(language)?;
    }
    Ok(())
}

fn read(folder: &Path) -> Result<Vec<Published>, ContractError> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(|error| file_error(folder, error))?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| file_error(folder, error))?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        if name == schemas::ENVELOPE_FILE || type_and_version(&name).is_some() {
            let text = std::fs::read_to_string(&path).map_err(|error| file_error(&path, error))?;
            found.push(Published { name, text });
        }
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(found)
}

/// Reads a name such as `order.placed.v2.json`.
fn type_and_version(name: &str) -> Option<(&str, u32)> {
    let (event_type, version) = name.strip_suffix(".json")?.rsplit_once(".v")?;
    Some((event_type, version.parse().ok()?))
}

impl Published {
    fn check(&self, language: &PublishedLanguage) -> Result<(), PublishedError> {
        let Some((event_type, version)) = type_and_version(&self.name) else {
            return self.check_envelope(language);
        };
        let name = self.name.clone();
        match language.events.iter().find(|event| event.r#type == event_type) {
            None => Err(PublishedError::Dropped { name }),
            Some(event) if version > event.version => {
                Err(PublishedError::Newer { name, version: event.version })
            }
            Some(event) if version == event.version => self.check_event(event, language),
            // Events of older versions are published no more, but consumers still read them.
            Some(_) => Ok(()),
        }
    }

    fn check_event(
        &self,
        event: &PublishedEvent,
        language: &PublishedLanguage,
    ) -> Result<(), PublishedError> {
        let found = differences(&self.schema()?, &schemas::data(event, language));
        if found.is_empty() {
            return Ok(());
        }
        Err(PublishedError::Event {
            event: event.r#type.clone(),
            version: event.version,
            name: self.name.clone(),
            differences: found.join(", "),
        })
    }

    fn check_envelope(&self, language: &PublishedLanguage) -> Result<(), PublishedError> {
        let found = differences(&self.schema()?, &schemas::envelope(language));
        if found.is_empty() {
            return Ok(());
        }
        Err(PublishedError::Envelope { name: self.name.clone(), differences: found.join(", ") })
    }

    fn schema(&self) -> Result<Value, PublishedError> {
        serde_json::from_str(&self.text)
            .map_err(|error| PublishedError::Unreadable { name: self.name.clone(), error })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures;

    fn published(name: &str) -> Published {
        let language = fixtures::language();
        let schema = match type_and_version(name) {
            Some((event_type, _)) => {
                let event = language.events.iter().find(|event| event.r#type == event_type);
                event.map(|event| schemas::data(event, &language)).unwrap_or_default()
            }
            None => schemas::envelope(&language),
        };
        Published { name: name.to_owned(), text: schema.to_string() }
    }

    fn refusal(name: &str, change: impl FnOnce(&mut PublishedLanguage)) -> String {
        let mut language = fixtures::language();
        change(&mut language);
        published(name).check(&language).err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn a_name_says_type_and_version() {
        assert_eq!(type_and_version("order.placed.v12.json"), Some(("order.placed", 12)));
        for name in ["envelope.json", "asyncapi.json", "order.placed.v2", "order.placed.vx.json"] {
            assert_eq!(type_and_version(name), None, "{name}");
        }
    }

    #[test]
    fn what_is_published_and_unchanged_is_compatible() {
        for name in ["order.placed.v2.json", "order.confirmed.v1.json", "envelope.json"] {
            assert_eq!(refusal(name, |_| {}), "");
        }
    }

    #[test]
    fn a_change_that_breaks_consumers_needs_a_new_version() {
        let drop_total = |language: &mut PublishedLanguage| {
            let members = language.definitions["OrderPlaced"]["properties"].as_object_mut().unwrap();
            members.remove("total");
        };
        let expected = "order.placed version 2 is not compatible with docs/events/order.placed.v2.json: \
                        /total is gone; raise its version, or restore the file if it was never merged";
        assert_eq!(refusal("order.placed.v2.json", drop_total), expected);
        let raised = refusal("order.placed.v2.json", |language| {
            drop_total(language);
            language.events[0].version = 3;
        });
        assert_eq!(raised, "");
    }

    #[test]
    fn older_versions_stay_as_they_are() {
        let mut older = published("order.placed.v1.json");
        older.text = "an older form".to_owned();
        assert!(older.check(&fixtures::language()).is_ok());
    }

    #[test]
    fn a_published_type_stays_in_the_catalogue() {
        let refused = refusal("user.registered.v1.json", |language| drop(language.events.pop()));
        assert!(
            refused.starts_with("docs/events/user.registered.v1.json is of no type of the cat"),
            "{refused}"
        );
    }

    #[test]
    fn a_version_does_not_go_back() {
        let refused = refusal("order.placed.v2.json", |language| language.events[0].version = 1);
        assert!(
            refused.starts_with("docs/events/order.placed.v2.json is newer than version 1 of"),
            "{refused}"
        );
    }

    #[test]
    fn the_envelope_keeps_what_consumers_read() {
        let refused = refusal("envelope.json", |language| {
            let members = language.definitions["Envelope"]["properties"].as_object_mut().unwrap();
            members.remove("traceparent");
        });
        let expected = "the envelope is not compatible with docs/events/envelope.json: /traceparent is gone; \
                        keep what consumers read and add members beside it, or restore the file if it was never \
                        merged";
        assert_eq!(refused, expected);
    }

    #[test]
    fn a_file_that_is_no_schema_is_an_error() {
        let mut broken = published("order.placed.v2.json");
        broken.text = "<<<<<<<".to_owned();
        let refused = broken.check(&fixtures::language()).unwrap_err().to_string();
        assert!(refused.starts_with("docs/events/order.placed.v2.json cannot be read: "), "{refused}");
    }
}
