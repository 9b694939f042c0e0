//! Requests through the gateway to the real binaries. Each module tests routes of one context.

mod admins;
mod audit;
mod dashboard;
mod guessing;
mod health;
mod limits;
mod me;
mod notifications;
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
mod quotas;
mod refresh;
mod sessions;
mod tenants;
mod tiers;
mod tokens;
mod users;
