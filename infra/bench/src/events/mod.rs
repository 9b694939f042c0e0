//! From an acknowledged change to its effects: how long one takes, and how many a second.

pub(crate) mod delays;
mod throughput;

use crate::report::Report;
use crate::settings::Settings;

pub(crate) fn measure(settings: &Settings) -> Report {
    Report {
        title: "From an acknowledged change to its effects",
        method: "Orders are confirmed one by one, and from the answer on, the list of orders and the inbox are asked in \
            turn, with a millisecond between. Blocks of confirmations alone and beside a tenant of many admins, two of \
            whose events are always under way, alternate in one cloud.\n\nFor events a second, copies of the commits of \
            a placed and confirmed order of each of ten tenants are written while all event sources are switched off. \
            Then the relay works alone until all are published, and each consumer alone until its queue is empty; then \
            the pile is written again, and all work at once, until each event is in the audit log and all queues are \
            empty. What is measured are the functions and the local cloud together, with the load on one machine."
            .to_owned(),
        tables: vec![delays::table(settings), throughput::table(settings)],
        ..Report::default()
    }
}
