//! How many calls of AWS services a consumer makes for an event, in a session that is open already.

use contract::{Consumer, Cost};

/// By consumer and the case of its cost.
const ROUND_TRIPS: &[(&str, &str, u64)] = &[
    ("project_orders", "order.placed", 4),
    ("project_orders", "order.lineAdded", 4),
    ("project_orders", "order.lineRemoved", 4),
    ("project_orders", "order.confirmed", 4),
    ("project_orders", "order.cancelled", 4),
    // It opens the session.
    ("project_posts", "post.created", 5),
    ("project_posts", "post.edited", 4),
    ("project_posts", "post.scheduled", 4),
    ("project_posts", "post.published", 6),
    ("project_posts", "post.unpublished", 6),
    ("project_posts", "post.restored", 6),
    ("project_posts", "post.deleted", 4),
    // It opens the session.
    ("publish_posts", "post.scheduled", 3),
    // It opens the session.
    ("retag_posts", "tagJob.requested, of one post", 9),
    // It opens the session.
    ("follow_comments", "comment.approved, to one recipient in the app", 11),
    ("follow_comments", "post.deleted, with one comment, to come once more", 5),
    ("follow_comments", "user.deleted, with one comment, to come once more", 6),
    // It opens the session.
    ("purge_plugins", "plugin.purgeRequested", 4),
    ("notify", "order.confirmed, to one recipient in the app", 6),
    ("notify", "order.cancelled, to one recipient in the app", 6),
    ("notify", "tenant.onboarded", 6),
    ("notify", "user.registered", 5),
    ("notify", "user.passwordChanged", 6),
    ("notify", "user.emailChanged", 6),
    // It opens the session.
    ("send_links", "", 8),
    ("record_audit", "link.requested, by a stranger", 2),
    ("record_audit", "plugin.purged", 2),
    ("record_audit", "", 3),
    // It opens the session.
    ("register_tenants", "tenant.onboarded", 5),
    ("register_tenants", "", 4),
];

/// `None` for a cost that has no round trips declared.
pub fn round_trips_of(consumer: &Consumer, cost: &Cost) -> Option<u64> {
    let mut declared = ROUND_TRIPS.iter();
    let found = declared.find(|(binary, case, _)| *binary == consumer.binary && *case == cost.case);
    found.map(|(.., round_trips)| *round_trips)
}

/// What an event of this type costs the consumer.
pub fn cost_of<'a>(consumer: &'a Consumer, event_type: &str) -> Option<&'a Cost> {
    consumer.description.costs.iter().find(|cost| [event_type, ""].contains(&event_of(cost)))
}

/// The type of the events that have this cost; empty where all have it.
pub fn event_of(cost: &Cost) -> &str {
    cost.case.split(", ").next().unwrap_or_default()
}

/// Each must be that of a consumer.
pub fn declared() -> impl Iterator<Item = (&'static str, &'static str)> {
    ROUND_TRIPS.iter().map(|(binary, case, _)| (*binary, *case))
}
