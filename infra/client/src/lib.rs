//! A blocking client of the tenants' API and of the operators', for the seeder and for tests.
//!
//! Methods that expect a certain response are for tests and panic when they get another one. Programs use
//! [`Request::try_send`] and [`within`].

// The methods for tests panic with a message instead of returning errors.
#![allow(clippy::expect_used)]
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod credentials;
mod eventually;
mod http;
mod keys;
mod views;

pub use credentials::{Admin, Anonymous, Member, Operator, SignedIn};
pub use eventually::{eventually, stays, within};
pub use http::{Http, Observer, Request, RequestError, Response};
pub use keys::{Keys, KeysError};
pub use views::{id, items};
