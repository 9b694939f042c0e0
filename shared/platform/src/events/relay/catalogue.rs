//! What the relay publishes, as its binary describes it.

use std::num::NonZeroU32;

use domain::event::{Envelope, EventType, SOURCE};
use schemars::Schema;
use schemars::generate::Contract;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::describe::generator;

#[derive(Serialize)]
pub(super) struct Catalogue {
    source: &'static str,
    envelope: Schema,
    events: Vec<Published>,
    definitions: Map<String, Value>,
}

#[derive(Serialize)]
struct Published {
    r#type: EventType,
    version: NonZeroU32,
    about: &'static str,
    data: Schema,
}

pub(super) fn describe() -> Catalogue {
    let mut generator = generator(Contract::Serialize, false);
    let published = |event_type: &EventType| Published {
        r#type: *event_type,
        version: event_type.version(),
        about: event_type.about(),
        data: event_type.schema(&mut generator),
    };
    let events = EventType::ALL.iter().map(published).collect();
    let envelope = generator.subschema_for::<Envelope>();
    Catalogue { source: SOURCE, envelope, events, definitions: generator.take_definitions(true) }
}
