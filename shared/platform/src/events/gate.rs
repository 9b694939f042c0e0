//! The gate in front of the consumers of plugins, and what is noted of their failures.

use domain::event::EventType;
use jiff::Timestamp;

use super::consume::Subject;
use super::{Consumer, Failure};
use crate::plugins::NewFailure;
use crate::table::Scope;

/// Whether the tenant's event reaches the consumer. As long as the plugin has its data, what was begun is gone on with, so that
/// nothing stays half done, and what takes some of that data away is heard, so that nothing stays that has to go.
pub(super) async fn is_open(
    consumer: &Consumer,
    store: &Scope,
    (event_type, is_continuation): (EventType, bool),
) -> Result<bool, Failure> {
    let Some(plugin) = consumer.plugin() else { return Ok(true) };
    // A tenant that is not there has no log, which refuses the message.
    let Some(states) = store.plugins().states().await? else { return Ok(true) };
    let needs_data_alone = is_continuation || consumer.hears_while_inactive(event_type);
    Ok(states.is_active(plugin) || (needs_data_alone && states.is_installed(plugin)))
}

/// Notes how the consumer has failed, as well as that can be done: the message is settled already.
pub(super) async fn note(consumer: &Consumer, store: &Scope, subject: &Subject, failure: &Failure) {
    let Some(plugin) = consumer.plugin() else { return };
    let (reason, is_final) = match failure {
        Failure::Transient(reason) => (reason, false),
        Failure::Permanent(reason) => (reason, true),
    };
    let class = consumer.access_class().to_string();
    let failure = NewFailure {
        consumer: &class,
        event: subject.event,
        event_type: &subject.event_type,
        reason,
        is_final,
    };
    if let Err(error) = store.plugins().failed(plugin, failure, Timestamp::now()).await {
        tracing::warn!(%plugin, %error, "a failure was not noted");
    }
}
