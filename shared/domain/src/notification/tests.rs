use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use super::{Channels, Notification, NotificationKind, Preferences, Words, notification_id, recipients};
use crate::id::{EventId, NotificationId, OrderId, UserId};
use crate::locale::Locale;

fn user(number: u128) -> UserId {
    UserId::from_uuid(Uuid::from_u128(number))
}

#[test]
fn the_customer_and_each_admin_are_recipients_once() {
    assert_eq!(Vec::from_iter(recipients(user(2), [user(1), user(3)])), [user(1), user(2), user(3)]);
    assert_eq!(Vec::from_iter(recipients(user(1), [user(1), user(1)])), [user(1)]);
}

#[test]
fn the_first_reading_counts() {
    let at = |second: i64| Timestamp::from_second(second).unwrap();
    let notification = Notification {
        id: NotificationId::from_uuid(Uuid::from_u128(1)),
        recipient: user(1),
        kind: NotificationKind::OrderConfirmed { order_id: OrderId::from_uuid(Uuid::from_u128(2)) },
        created_at: at(0),
        read_at: None,
    };
    let read = notification.read(at(1));
    assert_eq!(read.read_at, Some(at(1)));
    assert_eq!(read.clone().read(at(2)), read);
}

#[test]
fn each_kind_has_channels_of_its_own() {
    let order_id = OrderId::from_uuid(Uuid::from_u128(1));
    let confirmed = NotificationKind::OrderConfirmed { order_id };
    let reason = "Ordered twice".to_owned().try_into().unwrap();
    let cancelled = NotificationKind::OrderCancelled { order_id, reason };
    let chosen = Channels { in_app: false, email: true };
    let preferences = Preferences { order_cancelled: chosen, ..Preferences::default() };
    assert_eq!(preferences.channels(&cancelled), chosen);
    assert_eq!(preferences.channels(&confirmed), Channels { in_app: true, email: false });
}

#[test]
fn a_kind_is_stored_and_shown_with_its_name_and_its_data() {
    let order_id: OrderId = "ord_0190b5b4a3b27c10b5a58d0a3b8a1c2d".parse().unwrap();
    let reason = "Ordered twice".to_owned().try_into().unwrap();
    for (kind, form) in [
        (
            NotificationKind::OrderConfirmed { order_id },
            json!({ "kind": "orderConfirmed", "orderId": order_id }),
        ),
        (
            NotificationKind::OrderCancelled { order_id, reason },
            json!({ "kind": "orderCancelled", "orderId": order_id, "reason": "Ordered twice" }),
        ),
    ] {
        assert_eq!(serde_json::to_value(&kind).unwrap(), form);
        assert_eq!(serde_json::from_value::<NotificationKind>(form).unwrap(), kind);
        for locale in Locale::ALL {
            let Words { subject, news } = kind.words(*locale);
            assert!(subject.contains(&order_id.to_string()) && news.contains(&order_id.to_string()));
            assert!(!news.contains("Ordered twice"), "{news}");
        }
    }
}

proptest! {
    #[test]
    fn an_id_depends_on_event_and_recipient_alone(event: u128, one: u128, other: u128) {
        let event = EventId::from_uuid(Uuid::from_u128(event));
        prop_assert_eq!(notification_id(event, user(one)), notification_id(event, user(one)));
        prop_assert_eq!(notification_id(event, user(one)) == notification_id(event, user(other)), one == other);
    }

    #[test]
    fn ids_of_later_events_sort_later(earlier in 0_u64..1 << 47, later in 0_u64..1 << 47, rest: u64) {
        prop_assume!(earlier < later);
        let event = |millis: u64| EventId::from_uuid(Uuid::from_u64_pair(millis << 16, rest));
        prop_assert!(notification_id(event(earlier), user(1)) < notification_id(event(later), user(1)));
    }
}
