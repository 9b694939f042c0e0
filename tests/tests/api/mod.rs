//! Through the gateway, with the real binaries; a module for each context's routes.

mod admins;
mod audit;
mod dashboard;
mod health;
mod me;
mod notifications;
mod orders;
mod passwords;
mod products;
mod refresh;
mod sessions;
mod tenants;
mod tokens;
mod users;
