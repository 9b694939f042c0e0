//! The messages of a consumer's queue, from their text to an event of a tenant's log.
//!
//! Nothing in a message is believed but where to look: the event is read from the tenant's own log, with the
//! tenant's rights. A message that disagrees with the log is refused, and so is one of a tenant that has no such
//! log.

use domain::event::{Envelope, SOURCE, Unreadable};
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::consumer::Consumer;
use super::{Failure, gate};
use crate::table::{CommandContext, LoggedEvent, Scope, Vendor};
use crate::tenancy::Tenant;

/// The bus takes no larger event. EventBridge wraps it in less than 4 KB, in which a position has room, too.
const LARGEST_BODY: usize = super::LARGEST_EVENT + 4 * 1024;

/// An event, with access to the data of its tenant.
pub struct Delivery {
    pub logged: LoggedEvent,
    pub store: Scope,
    position: Option<Value>,
}

impl Delivery {
    /// What is committed beside a decision that the event leads to at this time.
    pub fn context(&self, at: Timestamp) -> CommandContext {
        CommandContext { at, traceparent: None, receipt: None }
    }

    /// Where to go on, if this is a continuation. One that is not understood waits: a newer version may have
    /// written it.
    pub fn position<T: DeserializeOwned>(&self) -> Result<Option<T>, Failure> {
        let position = self.position.clone().map(serde_json::from_value).transpose();
        position.map_err(|error| Unreadable::Unknown(format!("the position ({error})")).into())
    }
}

/// A message that EventBridge has sent to the queue, or the consumer itself to go on later.
#[derive(Deserialize)]
pub(super) struct BusEvent {
    pub(super) detail: Envelope,
    #[serde(rename = "continueAt")]
    position: Option<Value>,
}

impl BusEvent {
    /// Only the relay may put events on our bus, and only our rules and the consumer itself may send to its
    /// queue.
    pub(super) fn parse(body: &str) -> Result<Self, Failure> {
        #[derive(Deserialize)]
        struct Source {
            source: Option<String>,
        }
        let unreadable = |error| Failure::Permanent(format!("the message cannot be read: {error}"));
        if body.len() > LARGEST_BODY {
            let reason =
                format!("the message has {} bytes, and no event of the bus is that large", body.len());
            return Err(Failure::Permanent(reason));
        }
        match serde_json::from_str(body).map_err(unreadable)? {
            Source { source: Some(source) } if source == SOURCE => {
                serde_json::from_str(body).map_err(unreadable)
            }
            Source { source: Some(other) } => {
                Err(Failure::Permanent(format!("the source {other:?} is not ours")))
            }
            Source { source: None } => Err(Failure::Permanent("this is no event of a bus".to_owned())),
        }
    }

    /// `None` for an event that is not for the consumer, since its plugin is not active in the tenant.
    pub(super) async fn delivery(
        self,
        vendor: &'static Vendor,
        consumer: &Consumer,
    ) -> Result<Option<Delivery>, Failure> {
        let Envelope { id, r#type, version, tenant, aggregate, sequence, occurred_at, actor, .. } =
            self.detail;
        let (event_type, aggregate) = (r#type.read()?, aggregate.read()?);
        if version > event_type.version() {
            return Err(Unreadable::Unknown(format!("version {version} of {type}", type = r#type)).into());
        }
        if !consumer.hears(event_type) {
            return Err(Unreadable::Unknown(format!("how to handle {type}", type = r#type)).into());
        }
        let store = vendor.scope(Tenant::from_own_event(tenant)).await?;
        if !gate::is_open(consumer, &store, (event_type, self.position.is_some())).await? {
            return Ok(None);
        }
        let logged = store.logged_event(aggregate, sequence, id).await?;
        let logged = logged.ok_or_else(|| {
            let why = "it was erased, or the message is forged";
            Failure::Permanent(format!(
                "{tenant} has no event {id} at version {sequence} of its aggregate; {why}"
            ))
        })?;
        let logged_type = logged.event.event_type();
        if logged_type != event_type
            || logged.stamp.at != occurred_at
            || logged.actor.published() != actor.published()
        {
            let reason = "type, time or actor are not as the tenant's log has them; the message is forged";
            return Err(Failure::Permanent(reason.to_owned()));
        }
        Ok(Some(Delivery { logged, store, position: self.position }))
    }
}

/// The same message, to go on at the position.
pub(super) fn continuation(body: &str, position: &Value) -> Result<String, serde_json::Error> {
    let mut message: Value = serde_json::from_str(body)?;
    if let Some(members) = message.as_object_mut() {
        members.insert("continueAt".to_owned(), position.clone());
    }
    serde_json::to_string(&message)
}

/// The same message, for a later time, when all of its work is to be done: without the event's data, which the log has,
/// and without what others have added.
pub(super) fn deferred(body: &str) -> Result<String, serde_json::Error> {
    let mut message: Value = serde_json::from_str(body)?;
    if let Some(members) = message.as_object_mut() {
        members.retain(|name, _| ["source", "detail-type", "detail"].contains(&name.as_str()));
    }
    if let Some(data) = message.pointer_mut("/detail/data") {
        *data = Value::Object(Map::new());
    }
    serde_json::to_string(&message)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event() -> Value {
        json!({
            "version": "0", "source": "terrace", "detail-type": "order.confirmed", "detail": {
                "id": "evt_0190b5b4a3b27c10b5a58d0a3b8a1c2d", "type": "order.confirmed", "version": 1,
                "tenant": "ten_0190b5b4a3b27c10b5a58d0a3b8a1c2d", "sequence": 2,
                "aggregate": { "kind": "order", "id": "ord_0190b5b4a3b27c10b5a58d0a3b8a1c2e" },
                "occurredAt": "2026-01-02T03:04:05Z", "actor": { "kind": "operator" }, "data": {},
            },
        })
    }

    fn parse(message: &Value) -> Result<BusEvent, Failure> {
        BusEvent::parse(&message.to_string())
    }

    #[test]
    fn a_continuation_is_the_message_with_a_position() {
        let body = event().to_string();
        assert_eq!(parse(&event()).unwrap().position, None);
        for position in [json!({ "after": "a" }), json!({ "after": "b" })] {
            let next = BusEvent::parse(&continuation(&body, &position).unwrap()).unwrap();
            assert_eq!((next.position, next.detail), (Some(position), parse(&event()).unwrap().detail));
        }
    }

    #[test]
    fn a_message_for_later_names_the_event_and_holds_nothing_of_its_data() {
        let mut event = event();
        event["detail"]["data"] = json!({ "total": 1250 });
        event["account"] = json!("123456789012");
        let body = continuation(&event.to_string(), &json!({ "after": "a" })).unwrap();
        let later = deferred(&body).unwrap();
        assert!(!later.contains("1250") && !later.contains("account"), "{later}");
        assert_eq!(deferred(&later).unwrap(), later);
        event["detail"]["data"] = json!({});
        let read = BusEvent::parse(&later).unwrap();
        assert_eq!((read.position, read.detail), (None, parse(&event).unwrap().detail));
    }

    #[test]
    fn what_is_no_event_of_ours_is_refused_for_good() {
        let with = |pointer: &str, value: Value| {
            let mut message = event();
            *message.pointer_mut(pointer).unwrap() = value;
            message
        };
        for broken in [
            json!(7),
            json!({ "Records": [{ "eventSource": "aws:s3" }] }),
            with("/source", json!("shop")),
            with("/detail", json!("text")),
            with("/detail/version", json!(0)),
            with("/detail/sequence", json!("two")),
            with("/detail/tenant", json!("acme")),
            with("/detail/type", json!("confirmed")),
            with("/detail/aggregate", json!("order")),
            with("/detail/occurredAt", json!("soon")),
        ] {
            assert!(matches!(parse(&broken), Err(Failure::Permanent(_))), "{broken}");
        }
        assert!(matches!(BusEvent::parse("{"), Err(Failure::Permanent(_))));
        let large = with("/detail/data", json!({ "text": "x".repeat(LARGEST_BODY) }));
        assert!(matches!(parse(&large), Err(Failure::Permanent(reason)) if reason.contains("bytes")));
    }

    /// Unknown kinds parse: whether they are known is asked later, and is no reason to refuse them for good.
    #[test]
    fn unknown_types_and_kinds_parse() {
        let mut newer = event();
        newer["detail"]["type"] = json!("cart.filled");
        newer["detail"]["aggregate"] =
            json!({ "kind": "cart", "id": "crt_0190b5b4a3b27c10b5a58d0a3b8a1c2d" });
        newer["detail"]["actor"] = json!({ "kind": "robot", "model": 3 });
        newer["detail"]["added"] = json!(true);
        parse(&newer).unwrap();
    }
}
