//! Through the gateway, with the real binaries; a module for each context's routes.

mod audit;
mod dashboard;
mod health;
mod me;
mod notifications;
mod orders;
mod products;
mod sessions;
mod tenants;
mod users;
