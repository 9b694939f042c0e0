//! The contract of the event bus: the schemas of events, and the AsyncAPI document.

mod asyncapi;
mod compatibility;
mod published;
mod schemas;

use crate::{Contract, files::File};

pub use asyncapi::document;
pub use published::PublishedError;
pub(crate) use published::check_compatibility;
pub(crate) use schemas::file_name;

pub(crate) fn files(contract: &Contract) -> Vec<File> {
    let language = &contract.catalogue.description;
    let mut files = vec![
        File::json("events/asyncapi.json", &document(contract)),
        File::json(format!("events/{}", schemas::ENVELOPE_FILE), &schemas::envelope(language)),
    ];
    let schema = |event| {
        let path = format!("events/{}", file_name(event));
        File::json(path, &schemas::data(event, language))
    };
    files.extend(language.events.iter().map(schema));
    files
}
