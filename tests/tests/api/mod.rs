//! Requests through the gateway to the real binaries. Each module tests routes of one context.

mod admins;
mod audit;
mod dashboard;
mod guessing;
mod health;
mod limits;
mod me;
mod notifications;
mod operator_lists;
mod operators;
mod order_changes;
mod order_history;
mod order_lines;
mod order_lists;
mod orders;
mod passwords;
mod product_changes;
mod product_lists;
mod products;
mod refresh;
mod sessions;
mod suspension;
mod tenants;
mod tokens;
mod users;
