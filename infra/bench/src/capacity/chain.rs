//! A confirmed order with all that follows of it.

use crate::report::Table;

const PARTS: [&str; 5] = [
    "`POST /orders/{id}/confirmation`",
    "`relay_events`, every event",
    "`project_orders`, order.confirmed",
    "`notify`, order.confirmed, to one recipient in the app",
    "`record_audit`, every event",
];

/// In dollars for a million.
pub(super) struct Price {
    /// As in the tables.
    pub(super) name: String,
    pub(super) dollars: f64,
    /// Of an event that comes in a batch with others.
    pub(super) in_a_batch: f64,
    pub(super) least: f64,
}

pub(super) fn table(prices: &[Price]) -> Table {
    let mut table = Table::new(
        "A confirmation, its event, and its consumers",
        ["part", "× least $", "$ a million", "in batches", "the least"],
    );
    let parts = PARTS.map(|part| {
        prices.iter().find(|price| price.name == part).unwrap_or_else(|| panic!("{part} was not measured"))
    });
    let sum = |of: fn(&Price) -> f64| parts.iter().map(|part| of(part)).sum();
    let all = Price {
        name: "all of it".to_owned(),
        dollars: sum(|part| part.dollars),
        in_a_batch: sum(|part| part.in_a_batch),
        least: sum(|part| part.least),
    };
    for Price { name, dollars, in_a_batch, least } in parts.into_iter().chain([&all]) {
        let ratio = format!("{:.2}", dollars / least);
        table.row(
            [name.clone(), ratio]
                .into_iter()
                .chain([*dollars, *in_a_batch, *least].map(|d| format!("{d:.2}"))),
        );
    }
    table
}
