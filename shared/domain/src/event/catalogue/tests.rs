use serde_json::{Map, Value, json};

use super::*;
use crate::event::StoredCommit;
use crate::id::EventId;

/// Commits as they were stored before events had an own part, one for each type of event.
const BEFORE_OWN: &str = include_str!("../fixtures/commits_before_own.json");

fn commits_before_own() -> Vec<Value> {
    serde_json::from_str(BEFORE_OWN).unwrap()
}

fn stored(item: &Value) -> StoredCommit {
    serde_json::from_value(item["commit"].clone()).unwrap()
}

/// The whole data of each type of event that was ever written. It is in the table for ever, so these forms may
/// only grow.
fn wholes() -> Vec<(EventType, Value)> {
    let of_type = |name: &str| EventType::ALL.iter().copied().find(|known| known.as_str() == name).unwrap();
    let events =
        commits_before_own().into_iter().flat_map(|item| item["commit"]["events"].as_array().cloned());
    let of = |event: Value| (of_type(event["type"].as_str().unwrap()), event["data"].clone());
    events.flatten().map(of).chain(since_then()).collect()
}

/// Of the types that are younger than those commits.
fn since_then() -> [(EventType, Value); 35] {
    let closed = json!({
        "day": "2026-11-28", "tier": "pro", "requests": 3, "errors": 1, "readMilliunits": 500, "writeMilliunits": 1000,
        "functionMs": 7, "megabyteMs": 1792, "microInvocations": 100_000, "cost": { "microDollars": 4 },
    });
    let terms = json!({ "tier": "pro", "users": 50, "features": { "audit": false } });
    let role =
        json!({ "role": "rol_3", "name": "Dispatcher", "permissions": ["orders:read", "orders:manage"] });
    let (from, to) = ("usr_0190b5b4a3b27c10b5a58d0a3b8a1c2d", "usr_0190b5b4a3b27c10b5a58d0a3b8a1c2e");
    let post = "pst_0190b5b4a3b27c10b5a58d0a3b8a1c2d";
    let job = "tjb_0190b5b4a3b27c10b5a58d0a3b8a1c2d";
    let comment = "cmt_0190b5b4a3b27c10b5a58d0a3b8a1c2d";
    [
        (EventType::CommentPosted, json!({ "comment": comment, "post": post, "status": "pending" })),
        (EventType::CommentEdited, json!({ "comment": comment, "post": post, "status": "approved" })),
        (EventType::CommentApproved, json!({ "comment": comment, "post": post })),
        (EventType::CommentModerated, json!({ "comment": comment, "post": post, "status": "spam" })),
        (EventType::CommentDeleted, json!({ "comment": comment, "post": post })),
        (EventType::PluginActivated, json!({ "plugin": "comments", "release": "1.0.2" })),
        (EventType::PluginDeactivated, json!({ "plugin": "comments" })),
        (EventType::PluginConfigured, json!({ "plugin": "comments" })),
        (EventType::PluginPurgeRequested, json!({ "plugin": "comments" })),
        (EventType::PluginPurged, json!({ "plugin": "comments" })),
        (EventType::PostCreated, json!({ "post": post, "authors": [from] })),
        (EventType::PostEdited, json!({ "post": post, "changed": ["title", "markdown"] })),
        (EventType::PostScheduled, json!({ "post": post, "at": "2026-03-04T05:06:07.089Z" })),
        (EventType::PostPublished, json!({ "post": post, "at": "2026-03-04T05:06:07.089Z" })),
        (EventType::PostUnpublished, json!({ "post": post })),
        (EventType::PostRestored, json!({ "post": post, "version": 2 })),
        (EventType::PostDeleted, json!({ "post": post })),
        (
            EventType::TagJobRequested,
            json!({ "job": job, "kind": "rename", "from": "news", "into": { "slug": "latest", "name": "Latest" } }),
        ),
        (EventType::RoleDefined, role.clone()),
        (EventType::RoleChanged, role),
        (EventType::RoleRemoved, json!({ "role": "rol_3" })),
        (EventType::OwnershipTransferred, json!({ "from": from, "to": to })),
        (EventType::TenantSuspended, json!({ "reason": "Unpaid since March" })),
        (EventType::TenantResumed, json!({})),
        (EventType::TenantTermsChanged, terms),
        (EventType::UserReactivated, json!({ "user": "usr_01a21d7a85b2731bb457bfdec69f372e" })),
        (EventType::UserDeleted, json!({ "user": "usr_01a21d7a85b2731bb457bfdec69f372e" })),
        (EventType::UserSessionsEnded, json!({ "user": "usr_01a21d7a85b2731bb457bfdec69f372e" })),
        (EventType::UsageClosed, closed),
        (
            EventType::RegistrationChanged,
            json!({ "registration": { "mode": "domains", "domains": ["acme.example"] } }),
        ),
        (EventType::LinkRequested, json!({ "user": from, "purpose": "ownership", "replaces": to })),
        (
            EventType::EmailChanged,
            json!({ "user": from, "from": "ada@acme.example", "to": "countess@acme.example" }),
        ),
        (
            EventType::LinkRequested,
            json!({ "user": from, "purpose": "emailChange", "email": "countess@acme.example" }),
        ),
        (
            EventType::UserInvited,
            json!({ "user": from, "name": "Ada", "email": "ada@acme.example", "roles": ["member", "rol_3"] }),
        ),
        (
            EventType::LinkRequested,
            json!({ "user": "usr_0190b5b4a3b27c10b5a58d0a3b8a1c2d", "purpose": "passwordReset" }),
        ),
    ]
}

/// The same as it is written now: a user had one role, and has several; an onboarding named the first admin.
fn as_now(mut whole: Value) -> Value {
    for of_admin in ["adminName", "adminEmail"] {
        whole.as_object_mut().and_then(|whole| whole.remove(of_admin));
    }
    if let Some(role) = whole.as_object_mut().and_then(|whole| whole.remove("role")) {
        let several = role.as_str().is_some_and(|role| !role.starts_with("rol_"));
        let (name, value) = if several { ("roles", json!([role])) } else { ("role", role) };
        whole[name] = value;
    }
    whole
}

fn event(event_type: EventType, whole: &Value) -> Event {
    let whole: Map<String, Value> = serde_json::from_value(whole.clone()).unwrap();
    Event::read(&event_type.into(), NonZeroU32::MIN, whole).unwrap()
}

#[test]
fn the_commits_of_before_are_read_and_come_back_as_they_were() {
    for item in commits_before_own() {
        for (stored, written) in
            stored(&item).events.into_iter().zip(item["commit"]["events"].as_array().unwrap())
        {
            let event = stored.event().unwrap();
            assert_eq!(event.event_type().as_str(), written["type"]);
            assert_eq!(Value::from(event.parts().unwrap().whole()), as_now(written["data"].clone()));
        }
    }
}

#[test]
fn every_type_is_stored_in_two_parts_that_make_the_whole() {
    let wholes = wholes();
    for event_type in EventType::ALL {
        assert!(wholes.iter().any(|whole| whole.0 == *event_type), "{event_type:?} has no whole here");
    }
    for (event_type, whole) in wholes {
        let event = event(event_type, &whole);
        let whole = as_now(whole);
        let stored = StoredEvent::new(EventId::from_uuid(uuid::Uuid::nil()), &event).unwrap();
        let text = serde_json::to_string(&stored).unwrap();
        let read: StoredEvent = serde_json::from_str(&text).unwrap();
        assert_eq!(Value::from(read.whole()), whole, "{event_type:?}");
        assert_eq!(read.event().unwrap(), event);
        let Parts { published, own } = event.parts().unwrap();
        assert!(
            published.keys().all(|name| !whole[name].is_null()),
            "{event_type:?} publishes what it has not"
        );
        // What stands in both parts is stored twice, which is paid for in every commit.
        let twice = own.keys().filter(|name| published.contains_key(*name)).count();
        assert_eq!(twice, usize::from(event_type == EventType::LineAdded), "{event_type:?}");
    }
}

/// All texts in this JSON that a user has entered into the commits of before.
const PERSONAL: [&str; 8] = ["Ada", "Max", "ada@", "max@", "Acme", "acme", "Desk lamp", "Ordered twice"];

#[test]
fn what_is_published_of_a_commit_of_before_is_neither_personal_nor_free_text() {
    let (tenant, order) = ("ten_0190b5b4a3b27c10b5a58d0a3b8a1c2d", "ord_0190b5b4a3b27c10b5a58d0a3b8a1c2d");
    assert!(PERSONAL.iter().all(|text| BEFORE_OWN.contains(text)));
    for item in commits_before_own() {
        let aggregate = Tagged::from_kind_and_id("order", order).unwrap();
        let sequence = crate::Version::FIRST;
        for envelope in stored(&item).envelopes(tenant.parse().unwrap(), &aggregate, sequence).unwrap() {
            let event_type = envelope.r#type.read().unwrap();
            assert_eq!(envelope.version, event_type.version());
            let published = serde_json::to_string(&envelope).unwrap();
            for text in PERSONAL {
                assert!(!published.contains(text), "{published} carries {text}");
            }
        }
    }
}

#[test]
fn a_newer_version_of_a_known_type_is_unknown_and_version_0_is_broken() {
    for (event_type, whole) in wholes() {
        let newer = json!({
            "id": "evt_0190b5b4a3b27c10b5a58d0a3b8a1c2d", "type": event_type,
            "version": event_type.version().get() + 1, "data": whole,
        });
        let stored: StoredEvent = serde_json::from_value(newer.clone()).unwrap();
        assert!(matches!(stored.event(), Err(Unreadable::Unknown(_))));
        let mut zero = newer;
        zero["version"] = json!(0);
        assert!(serde_json::from_value::<StoredEvent>(zero).is_err());
    }
}

#[test]
fn an_unknown_type_is_published_as_it_was_stored_and_a_broken_one_is_not() {
    let commit = |event: Value| -> StoredCommit {
        serde_json::from_value(json!({
            "at": "2026-01-02T03:04:05Z", "actor": { "kind": "robot", "owner": "Ada" }, "events": [event],
        }))
        .unwrap()
    };
    let event = |name: &str, data: Value| json!({ "id": "evt_0190b5b4a3b27c10b5a58d0a3b8a1c2d", "type": name, "version": 7, "data": data, "own": { "b": 2 } });
    let tenant = "ten_0190b5b4a3b27c10b5a58d0a3b8a1c2d".parse().unwrap();
    let cart = Tagged::from_kind_and_id("cart", "crt_0190b5b4a3b27c10b5a58d0a3b8a1c2d").unwrap();
    let envelopes = commit(event("cart.filled", json!({ "a": 1 })))
        .envelopes(tenant, &cart, crate::Version::FIRST)
        .unwrap();
    let published = serde_json::to_value(&envelopes[0]).unwrap();
    assert_eq!(
        (&published["type"], &published["version"], &published["data"], &published["actor"]),
        (&json!("cart.filled"), &json!(7), &json!({ "a": 1 }), &json!({ "kind": "robot" })),
        "of an actor that is not known, what it is and its id are published, and no more"
    );
    let broken = json!({
        "id": "evt_0190b5b4a3b27c10b5a58d0a3b8a1c2d", "type": "order.placed", "version": 1, "data": { "order": 7 },
    });
    let refused = commit(broken).envelopes(tenant, &cart, crate::Version::FIRST);
    assert!(matches!(refused, Err(Unreadable::Broken(_))));
}

/// A newer version may add members to what it publishes and loosen the rule of its own part, without another version.
#[test]
fn what_a_newer_version_has_added_is_published_as_it_was_stored() {
    let publish = |data: Value, own: Value| {
        let commit: StoredCommit = serde_json::from_value(json!({
            "at": "2026-01-02T03:04:05Z", "actor": { "kind": "operator" }, "events": [{
                "id": "evt_0190b5b4a3b27c10b5a58d0a3b8a1c2d", "type": "product.created",
                "version": EventType::ProductCreated.version(), "data": data, "own": own,
            }],
        }))
        .unwrap();
        let product = Tagged::from_kind_and_id("product", "prd_0190b5b4a3b27c10b5a58d0a3b8a1c2d").unwrap();
        let tenant = "ten_0190b5b4a3b27c10b5a58d0a3b8a1c2d".parse().unwrap();
        let envelopes = commit.envelopes(tenant, &product, crate::Version::FIRST)?;
        Ok::<_, Unreadable>(Value::from(envelopes[0].data.clone()))
    };
    let data = json!({
        "product": "prd_0190b5b4a3b27c10b5a58d0a3b8a1c2d", "price": { "amount": 5, "currency": "EUR" }, "stock": 7,
    });
    assert_eq!(publish(data.clone(), json!({ "name": "x".repeat(1_000) })), Ok(data));
    assert!(matches!(publish(json!({ "price": 5 }), json!({ "name": "x" })), Err(Unreadable::Broken(_))));
}

#[test]
fn a_type_s_name_is_words_with_dots_between() {
    for name in ["order.placed", "user.passwordChanged", "post.image2.added"] {
        assert_eq!(name.parse::<TypeName>().unwrap().to_string(), name);
    }
    for name in ["", "order", "order.", ".placed", "Order.placed", "order..placed", "order placed", "order.2"]
    {
        assert!(name.parse::<TypeName>().is_err(), "{name}");
    }
    assert!(matches!(TypeName::from_str("cart.filled").unwrap().read(), Err(Unreadable::Unknown(_))));
}
