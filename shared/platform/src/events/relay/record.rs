//! Reads stream records. Nothing is assumed about their content, since a panic would block the shard.

use domain::event::{StoredCommit, TypeName};
use serde_json::Value;

use crate::table::parse_commit_key;

/// An event to be published.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Outgoing {
    /// The sequence number of the event's stream record.
    pub(super) sequence_number: String,
    pub(super) event_type: TypeName,
    pub(super) detail: String,
}

pub(super) fn sequence_number(record: &Value) -> String {
    record.pointer("/dynamodb/SequenceNumber").and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The events of the commit in a record, or the reason why there is none.
pub(super) fn outgoing(record: &Value) -> Result<Vec<Outgoing>, String> {
    let text = |pointer: &str| {
        record
            .pointer(pointer)
            .and_then(Value::as_str)
            .ok_or_else(|| format!("the record has no text at {pointer}"))
    };
    let (pk, sk) = (text("/dynamodb/Keys/pk/S")?, text("/dynamodb/Keys/sk/S")?);
    let (tenant, aggregate, version) =
        parse_commit_key(pk, sk).ok_or_else(|| format!("{pk} and {sk} are not the keys of a commit"))?;
    let commit: StoredCommit = serde_json::from_str(text("/dynamodb/NewImage/commit/S")?)
        // The parser's own words may quote what a person has entered.
        .map_err(|error| format!("the commit cannot be read, at column {}", error.column()))?;
    let sequence_number = sequence_number(record);
    let envelopes = commit.envelopes(tenant, &aggregate, version).map_err(|broken| broken.to_string())?;
    envelopes
        .into_iter()
        .map(|envelope| {
            Ok(Outgoing {
                sequence_number: sequence_number.clone(),
                detail: serde_json::to_string(&envelope).map_err(|error| error.to_string())?,
                event_type: envelope.r#type,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn record() -> Value {
        let data = json!({"order": "ord_0190b5b4a3b27c10b5a58d0a3b8a1c2e", "customer": "usr_0190b5b4a3b27c10b5a58d0a3b8a1c2f"});
        let event = json!({"id": "evt_0190b5b4a3b27c10b5a58d0a3b8a1c2d", "type": "order.confirmed", "version": 1, "data": data});
        let actor = json!({"kind": "operator", "principal": "arn:aws:iam::123456789012:user/ada"});
        let commit = json!({"at": "2026-01-02T03:04:05Z", "actor": actor, "events": [event]});
        json!({"dynamodb": {
            "SequenceNumber": "7",
            "Keys": {
                "pk": {"S": "T#ten_0190b5b4a3b27c10b5a58d0a3b8a1c2d#order#ord_0190b5b4a3b27c10b5a58d0a3b8a1c2e"},
                "sk": {"S": "e#0000000002"}
            },
            "NewImage": {"commit": {"S": commit.to_string()}}
        }})
    }

    #[test]
    fn a_commit_becomes_envelopes() {
        let events = outgoing(&record()).unwrap();
        assert_eq!(events.len(), 1);
        assert_eq!(
            (events[0].sequence_number.as_str(), events[0].event_type.as_str()),
            ("7", "order.confirmed")
        );
        let detail: Value = serde_json::from_str(&events[0].detail).unwrap();
        assert_eq!(detail["tenant"], "ten_0190b5b4a3b27c10b5a58d0a3b8a1c2d");
        assert_eq!(
            detail["aggregate"],
            json!({"kind": "order", "id": "ord_0190b5b4a3b27c10b5a58d0a3b8a1c2e"})
        );
        assert_eq!(detail["sequence"], 2);
        assert_eq!(detail["data"]["customer"], "usr_0190b5b4a3b27c10b5a58d0a3b8a1c2f");
        assert_eq!(detail["actor"], json!({"kind": "operator"}), "an operator's name is not published");
    }

    /// What a newer version writes is passed on as it is: its event, its aggregate and its actor.
    #[test]
    fn unknown_events_of_unknown_aggregates_are_passed_on() {
        let mut newer = record();
        newer["dynamodb"]["Keys"]["pk"]["S"] =
            json!("T#ten_0190b5b4a3b27c10b5a58d0a3b8a1c2d#cart#crt_0190b5b4a3b27c10b5a58d0a3b8a1c2e");
        let event = json!({"id": "evt_0190b5b4a3b27c10b5a58d0a3b8a1c2d", "type": "cart.filled", "version": 3, "data": {"a": 1}, "own": {"b": 2}});
        let commit = json!({"at": "2026-01-02T03:04:05Z", "actor": {"kind": "robot"}, "events": [event]});
        newer["dynamodb"]["NewImage"]["commit"]["S"] = json!(commit.to_string());
        let events = outgoing(&newer).unwrap();
        let detail: Value = serde_json::from_str(&events[0].detail).unwrap();
        assert_eq!(events[0].event_type.as_str(), "cart.filled");
        assert_eq!((&detail["data"], &detail["version"]), (&json!({"a": 1}), &json!(3)));
        assert_eq!(
            (&detail["actor"]["kind"], &detail["aggregate"]["kind"]),
            (&json!("robot"), &json!("cart"))
        );
    }

    #[test]
    fn broken_records_are_refused_with_a_reason() {
        let image = "/dynamodb/NewImage/commit/S";
        for (pointer, value) in [
            ("/dynamodb/NewImage", Value::Null),
            (image, json!("{")),
            (image, json!("{}")),
            ("/dynamodb/Keys/pk/S", json!("T#acme#order#7")),
            ("/dynamodb/Keys/sk/S", json!("e#0")),
        ] {
            let mut broken = record();
            *broken.pointer_mut(pointer).unwrap() = value;
            assert!(outgoing(&broken).is_err_and(|reason| !reason.is_empty()), "{pointer}");
        }
    }

    fn anything() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            ".*".prop_map(Value::from),
            "T#ten_[0-9a-f]{30,34}#(order|user)#(ord_)?[0-9a-f]{32}".prop_map(Value::from),
            "e#[0-9]{0,22}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 16, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::hash_map(".*", inner, 0..4).prop_map(|map| map.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn nothing_in_a_record_panics(value in anything(), place in 0usize..5) {
            let mut record = record();
            let pointers = ["/dynamodb", "/dynamodb/Keys/pk/S", "/dynamodb/Keys/sk/S", "/dynamodb/NewImage/commit/S", "/dynamodb/SequenceNumber"];
            if let Some(target) = record.pointer_mut(pointers[place]) {
                *target = value;
            }
            let _ = (outgoing(&record), sequence_number(&record));
        }
    }
}
