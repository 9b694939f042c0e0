//! The inbox over DynamoDB's protocol, with its races.

use domain::id::{EventId, NotificationId, OrderId, UserId};
use domain::notification::{Notification, NotificationKind};
use futures::future::join_all;
use futures::stream::{StreamExt, iter};
use jiff::{SignedDuration, Timestamp};
use platform::new_id;
use platform::table::{CommandContext, Conflict, Scope, StoreError};
use platform::testing::{Table, context};
use store_world::{Times, World};

use super::inbox;
use super::sent_mails::{is_sent, mark_sent};

fn at() -> Timestamp {
    "2026-03-04T05:06:07.089Z".parse().unwrap()
}

fn notification(recipient: UserId) -> Notification {
    let kind = NotificationKind::OrderConfirmed { order_id: new_id(OrderId::from_uuid) };
    Notification { id: new_id(NotificationId::from_uuid), recipient, kind, created_at: at(), read_at: None }
}

async fn delivered(scope: &Scope, recipient: UserId, count: usize) -> Vec<NotificationId> {
    let mut ids = Vec::new();
    for _ in 0..count {
        let notification = notification(recipient);
        inbox(scope).deliver(&notification).await.unwrap();
        ids.push(notification.id);
    }
    ids
}

async fn all(scope: &Scope, recipient: UserId) -> Vec<Notification> {
    inbox(scope).list(recipient, 1_000, None).await.unwrap().items
}

fn command<T>(_: T) -> Result<CommandContext, StoreError> {
    Ok(context(at()))
}

/// The counter, which must agree with the notifications.
async fn unread(scope: &Scope, recipient: UserId) -> usize {
    let counted = inbox(scope).unread(recipient).await.unwrap();
    let unread = all(scope, recipient).await.iter().filter(|one| one.read_at.is_none()).count();
    assert_eq!(usize::try_from(counted).unwrap(), unread, "the counter agrees with the notifications");
    unread
}

#[tokio::test]
async fn an_inbox_takes_an_event_once_and_is_read_page_by_page() {
    let world = World::start(Table::new).await;
    let scope = world.scope();
    let recipient = new_id(UserId::from_uuid);
    let notifications: Vec<Notification> = (0..5).map(|_| notification(recipient)).collect();
    for notification in notifications.iter().chain(&notifications) {
        inbox(&scope).deliver(notification).await.unwrap();
    }
    let newest: Vec<NotificationId> = notifications.iter().rev().map(|one| one.id).collect();
    let first = inbox(&scope).list(recipient, 3, None).await.unwrap();
    let second = inbox(&scope).list(recipient, 3, first.next_cursor).await.unwrap();
    let read: Vec<NotificationId> = first.items.iter().chain(&second.items).map(|one| one.id).collect();
    assert_eq!(read, newest);
    assert_eq!(second.next_cursor, None);
    assert_eq!(unread(&scope, recipient).await, 5);
    for length in [2, 5, 9] {
        let overview = inbox(&scope).overview(recipient, length).await.unwrap();
        let shown: Vec<NotificationId> = overview.newest.iter().map(|one| one.id).collect();
        assert_eq!((overview.unread, &shown[..]), (5, &newest[..length.min(5)]));
    }
}

#[tokio::test]
async fn the_overview_of_an_empty_inbox_is_empty() {
    let world = World::start(Table::new).await;
    let scope = world.scope();
    let overview = inbox(&scope).overview(new_id(UserId::from_uuid), 3).await.unwrap();
    assert_eq!((overview.unread, overview.newest), (0, vec![]));
}

#[tokio::test]
async fn reading_counts_once() {
    let world = World::start(Table::new).await;
    let (scope, recipient) = (world.scope(), new_id(UserId::from_uuid));
    let ids = delivered(&scope, recipient, 3).await;
    let read = inbox(&scope).read(recipient, ids[1], at(), command).await.unwrap().unwrap();
    assert_eq!((read.id, read.read_at), (ids[1], Some(at())));
    let later = at() + SignedDuration::from_hours(1);
    let again = inbox(&scope).read(recipient, ids[1], later, command).await.unwrap().unwrap();
    assert_eq!(again, read);
    assert_eq!(unread(&scope, recipient).await, 2);
    let nobodys = inbox(&scope).read(recipient, new_id(NotificationId::from_uuid), at(), command).await;
    assert_eq!(nobodys.unwrap(), None);
    let anothers = inbox(&scope).read(new_id(UserId::from_uuid), ids[0], at(), command).await;
    assert_eq!(anothers.unwrap(), None);
}

#[tokio::test]
async fn all_are_read_in_as_many_transactions_as_it_takes() {
    let world = World::start(Table::new).await;
    let (scope, recipient) = (world.scope(), new_id(UserId::from_uuid));
    let ids = delivered(&scope, recipient, 230).await;
    for id in [ids[0], ids[100], ids[229]] {
        inbox(&scope).read(recipient, id, at(), command).await.unwrap();
    }
    assert_eq!(inbox(&scope).read_all(recipient, at(), command).await.unwrap(), 227);
    assert_eq!(unread(&scope, recipient).await, 0);
    assert_eq!(inbox(&scope).read_all(recipient, at(), command).await.unwrap(), 0);
}

/// No further page is read once as many are found as the counter counts.
#[tokio::test]
async fn reading_all_stops_when_as_many_are_found_as_were_counted() {
    let world = World::start(Table::new).await;
    let (scope, recipient) = (world.scope(), new_id(UserId::from_uuid));
    delivered(&scope, recipient, 220).await;
    inbox(&scope).read_all(recipient, at(), command).await.unwrap();
    delivered(&scope, recipient, 2).await;
    let mark = world.mark();
    assert_eq!(inbox(&scope).read_all(recipient, at(), command).await.unwrap(), 2);
    let requests: Vec<String> = world.since(mark).into_iter().map(|consumed| consumed.action).collect();
    assert_eq!(requests, ["Query", "TransactWriteItems"]);
}

/// The counter is right after concurrent readings and deliveries, whichever of them succeed.
#[tokio::test]
async fn the_counter_outlasts_every_race() {
    let world = World::start(Table::new).await;
    let (scope, recipient) = (world.scope(), new_id(UserId::from_uuid));
    let ids = delivered(&scope, recipient, 120).await;
    let inbox = inbox(&scope);
    let single = join_all(ids.iter().rev().step_by(7).map(|id| inbox.read(recipient, *id, at(), command)));
    let whole = join_all((0..3).map(|_| inbox.read_all(recipient, at(), command)));
    let (_, singles, wholes, _) =
        tokio::join!(delivered(&scope, recipient, 10), single, whole, delivered(&scope, recipient, 10),);
    for read in singles {
        assert!(read.unwrap().is_some());
    }
    for outcome in wholes {
        // A reading may give up under contention.
        if let Err(error) = outcome {
            assert!(matches!(error, StoreError::Conflict(Conflict::Contention)), "{error}");
        }
    }
    unread(&scope, recipient).await;
    inbox.read_all(recipient, at(), command).await.unwrap();
    assert_eq!(unread(&scope, recipient).await, 0);
}

/// Every third transaction meets another one at the counter. A delivery that gives up comes again, as its message
/// would.
#[tokio::test]
async fn the_counter_is_right_after_a_thousand_contended_deliveries() {
    let world = World::start(Table::new).await;
    let (scope, recipient) = (world.scope(), new_id(UserId::from_uuid));
    world.conflict(&format!("T#{}#inbox#", scope.tenant()), Times::Every(3));
    let mark = world.mark();
    let deliver = async |notification: Notification| {
        while let Err(error) = inbox(&scope).deliver(&notification).await {
            assert!(matches!(error, StoreError::Conflict(Conflict::Contention)), "{error}");
        }
    };
    let deliveries: Vec<_> = (0..1_000).map(|_| deliver(notification(recipient))).collect();
    iter(deliveries).buffer_unordered(50).collect::<Vec<()>>().await;
    let transactions = world.since(mark).iter().filter(|one| one.action == "TransactWriteItems").count();
    assert_eq!(transactions, 1_000, "a conflict consumes nothing here, and each delivery is written once");
    assert_eq!(unread(&scope, recipient).await, 1_000);
}

#[tokio::test]
async fn a_mail_is_marked_for_its_recipient_alone() {
    let world = World::start(Table::new).await;
    let scope = world.scope();
    let (event, recipient) = (new_id(EventId::from_uuid), new_id(UserId::from_uuid));
    assert!(!is_sent(&scope, event, recipient).await.unwrap());
    for _ in 0..2 {
        mark_sent(&scope, event, recipient, at()).await.unwrap();
    }
    assert!(is_sent(&scope, event, recipient).await.unwrap());
    assert!(!is_sent(&scope, event, new_id(UserId::from_uuid)).await.unwrap());
    assert!(!is_sent(&scope, new_id(EventId::from_uuid), recipient).await.unwrap());
}
