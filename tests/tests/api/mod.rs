//! Through the gateway, with the real binaries; a module for each context's routes.

mod dashboard;
mod health;
mod me;
mod notifications;
mod order_changes;
mod order_history;
mod order_lines;
mod order_lists;
pub(crate) mod order_steps;
mod orders;
mod product_changes;
mod product_lists;
mod products;
mod sessions;
mod tenants;
mod users;
