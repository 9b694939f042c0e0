//! The least that AWS allows for the effect of a call or an event.

use contract::Operation;

/// What is consumed at least: capacity units, and calls of AWS services.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Least {
    pub(super) read: f64,
    pub(super) write: f64,
    pub(super) round_trips: u64,
}

impl Least {
    const fn of(read: f64, write: f64, round_trips: u64) -> Least {
        Least { read, write, round_trips }
    }
}

/// How it follows for most calls, for the report.
pub(super) const RULE: &str = "The least is one request to the gateway, one invocation of 1 ms and 256 MB, and for a \
    GET one eventually consistent read of up to 4 KB (0.5 RCU) in one round trip. A command that creates writes one \
    item, which holds state and event (1 WCU), in one round trip; one that changes reads the item before (0.5 RCU, \
    another round trip), since it answers the whole state, and a condition of its write makes up for the eventual read. \
    With an idempotency key, the receipt is a second item, so that both are written in one transaction at twice the \
    units (4 WCU), and the condition on the receipt finds a repetition without a read. KMS is charged alike in both. The \
    least has no authorizer, since the gateway checks JWTs of its own for nothing.";

/// Where more than the rule has to be read or written, and why.
pub(super) const EXCEPTIONS: [(&str, &str, Least, &str); 37] = [
    ("POST /tenants", "", Least::of(0.0, 6.0, 1), "the slug, the tenant and its admin are one transaction"),
    (
        "POST /tenants",
        "with a key",
        Least::of(0.0, 8.0, 1),
        "the slug, the tenant, its admin and the receipt",
    ),
    ("POST /sessions", "", Least::of(2.5, 1.0, 3), "tenant, user and three counters side by side; `Sign`"),
    (
        "POST /sessions",
        "from a new address",
        Least::of(2.5, 2.0, 3),
        "the place is written beside the session, in one batch",
    ),
    ("POST /sessions/refresh", "", Least::of(1.5, 1.0, 3), "tenant, user and session side by side; `Sign`"),
    ("POST /sessions/end", "", Least::of(0.5, 1.0, 2), "the session's own row can be its mark"),
    ("GET /.well-known/jwks.json", "", Least::of(0.0, 0.0, 0), "nothing is stored"),
    ("GET /openapi.json", "", Least::of(0.0, 0.0, 0), "nothing is stored"),
    ("GET /problems/{type}", "", Least::of(0.0, 0.0, 0), "nothing is stored"),
    ("GET /health", "", Least::of(0.5, 0.0, 2), "`GetPublicKey` is a check too"),
    ("GET /health", "again within five seconds", Least::of(0.0, 0.0, 0), "the outcome is kept"),
    ("PUT /me/password", "", Least::of(1.0, 1.0, 2), "the user, and the counter of failures"),
    ("POST /users", "of a member", Least::of(0.0, 4.0, 1), "the address is unique: an item of its own"),
    ("POST /users", "of an admin", Least::of(0.0, 4.0, 1), "the address is unique: an item of its own"),
    ("POST /users", "with a key", Least::of(0.0, 6.0, 1), "address, user and receipt"),
    ("PATCH /users/{id}", "of roles", Least::of(0.5, 4.0, 2), "whether the actor still may is a condition"),
    (
        "POST /users/{id}/deactivation",
        "of a member",
        Least::of(0.5, 4.0, 2),
        "whether the actor still may is a condition",
    ),
    (
        "POST /users/{id}/deactivation",
        "of an admin",
        Least::of(0.5, 4.0, 2),
        "whether the actor still may is a condition",
    ),
    (
        "DELETE /users/{id}/deactivation",
        "of a member",
        Least::of(0.5, 4.0, 2),
        "whether the actor still may is a condition",
    ),
    (
        "DELETE /users/{id}/deactivation",
        "of an admin",
        Least::of(0.5, 4.0, 2),
        "whether the actor still may is a condition",
    ),
    ("DELETE /users/{id}", "of a member", Least::of(0.5, 6.0, 2), "the user, the address, and the condition"),
    ("DELETE /users/{id}", "of an admin", Least::of(0.5, 6.0, 2), "the user, the address, and the condition"),
    ("POST /products", "", Least::of(0.0, 2.0, 1), "an entry of the index by status"),
    ("POST /products", "with a key", Least::of(0.0, 5.0, 1), "an entry of the index by status"),
    ("PATCH /products/{id}", "", Least::of(0.5, 2.0, 2), "an entry of the index by status"),
    ("POST /products/{id}/retirement", "", Least::of(0.5, 3.0, 2), "its entry moves in the index"),
    ("POST /products/{id}/retirement", "with a key", Least::of(0.5, 6.0, 2), "its entry moves in the index"),
    ("POST /orders", "of one product", Least::of(0.5, 1.0, 2), "the product's price is read"),
    ("POST /orders", "with a key", Least::of(0.5, 4.0, 2), "the product's price is read"),
    ("POST /orders/{id}/lines", "", Least::of(1.0, 1.0, 2), "the order and the product, side by side"),
    (
        "POST /orders/{id}/lines",
        "with a key",
        Least::of(1.0, 4.0, 2),
        "the order and the product, side by side",
    ),
    ("POST /notifications/{id}/read", "", Least::of(0.5, 4.0, 2), "the counter of unread ones too"),
    ("POST /notifications/{id}/read", "with a key", Least::of(0.5, 6.0, 2), "the counter of unread ones too"),
    ("POST /notifications/{id}/read", "one that is read", Least::of(0.5, 0.0, 1), "nothing is left to write"),
    ("POST /notifications/read", "none unread", Least::of(0.5, 0.0, 1), "nothing is left to write"),
    ("POST /notifications/read", "two unread", Least::of(0.5, 6.0, 2), "two notifications and the counter"),
    ("GET /bff/dashboard", "", Least::of(1.5, 0.0, 3), "three partitions"),
];

pub(super) fn of_call(operation: &Operation, case: &str) -> Least {
    let key = operation.key();
    if let Some((.., least, _)) =
        EXCEPTIONS.iter().find(|(route, of, ..)| (*route, *of) == (key.as_str(), case))
    {
        return *least;
    }
    if operation.is_get() {
        return Least::of(0.5, 0.0, 1);
    }
    let write = if case.ends_with("with a key") { 4.0 } else { 1.0 };
    match operation.description.success {
        201 => Least::of(0.0, write, 1),
        _ => Least::of(0.5, write, 2),
    }
}

/// How it follows for an event, for the report.
pub(super) const RULE_OF_EVENTS: &str = "The least of a consumer reads the event in the log, which confirms it, once \
    and eventually consistently (0.5 RCU), and writes each row that has to be there, and each entry of an index, by \
    itself; a notification and the counter of unread ones are a transaction. A projection reads nothing else, and a \
    reaction who is to hear of it and how (0.5 RCU).";

/// What an event consumes at least, by the consumer and the event's type.
pub(super) fn of_event(consumer: &str, event: &str) -> Least {
    match (consumer, event) {
        // Rows in two lists. Where the status changes, the entry of each in the index moves.
        ("project_orders", "order.confirmed" | "order.cancelled") => Least::of(0.5, 6.0, 3),
        ("project_orders", _) | ("record_audit", _) => Least::of(0.5, 4.0, 3),
        // A row of all and one of the author, each in an index once it is published, and a row of each tag with its count.
        ("project_posts", _) => Least::of(0.5, 3.0, 3),
        ("register_tenants", _) => Least::of(0.5, 1.0, 2),
        ("notify", "order.confirmed" | "order.cancelled") => Least::of(1.0, 4.0, 3),
        // A mail, and the mark that it was sent.
        ("notify", _) => Least::of(1.0, 1.0, 4),
        _ => panic!("nobody has said what {consumer} consumes at least"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_exception_is_that_of_a_call() {
        for (route, case, ..) in EXCEPTIONS {
            assert!(::tests::calls::calls().any(|call| (call.0, call.1) == (route, case)), "{route} {case}");
        }
    }
}
