//! The erasure of a plugin's data, part by part.

use domain::event::Event;
use domain::{Actor, Stamp};
use jiff::{SignedDuration, Timestamp};
use platform::events::{Delivery, Failure, Outcome};
use platform::table::{Decided, Walk};

/// How long what has passed the gate before the request may still write: longer than any consumer has time, and than a read
/// of the profile is late.
const UNDER_WAY: SignedDuration = SignedDuration::from_secs(60);

/// Erases a part, and goes on in another message. It asks each time whether the data is still to be erased, so that an event
/// that comes twice, or long after its time, erases nothing of what came after it.
pub async fn purge(delivery: Delivery) -> Outcome {
    let from = delivery.logged.stamp.at.saturating_add(UNDER_WAY).unwrap_or(Timestamp::MAX);
    if Timestamp::now() < from {
        return Outcome::due_at(from);
    }
    match part(&delivery).await {
        Ok(Some(next)) => Outcome::continue_at(Ok(()), &next),
        Ok(None) => Ok(()).into(),
        Err(failure) => failure.into(),
    }
}

/// Returns where to go on; `None` when all is done.
async fn part(delivery: &Delivery) -> Result<Option<Walk>, Failure> {
    let Event::PluginPurgeRequested(asked) = &delivery.logged.event else {
        let name = delivery.logged.event.event_type().as_str();
        return Err(Failure::Permanent(format!("{name} asks for no erasure")));
    };
    let (plugin, since, store) = (asked.plugin, delivery.logged.stamp.at, &delivery.store);
    let tenant = store.tenants().get().await?;
    let now = Timestamp::now();
    let stamp = Stamp { at: now, by: Actor::Platform };
    let Some(decision) = tenant.value.plugin_is_purged(plugin, since, stamp) else { return Ok(None) };
    let walk = delivery.position()?.unwrap_or_default();
    if let Some(next) = store.plugins().erase(plugin, walk).await? {
        return Ok(Some(next));
    }
    // Nobody can have changed the state of the plugin meanwhile. Another change of the tenant repeats this part, which finds
    // nothing more.
    let decided = Decided::as_loaded(tenant, decision);
    let forgotten = store.plugins().forgotten(plugin);
    store.tenants().commit_with(&decided, forgotten, &delivery.context(now)).await?;
    Ok(None)
}
