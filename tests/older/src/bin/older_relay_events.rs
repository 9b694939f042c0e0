include!("../../../../functions/relay/src/bin/relay_events.rs");
