//! A blocking client of the public API, for the seeder and for tests. A method that demands a certain answer is meant
//! for tests, and panics without it; a program uses [`Request::try_send`] and [`within`].

// A test that cannot go on panics, and says why.
#![allow(clippy::expect_used)]

mod credentials;
mod eventually;
mod http;
mod views;

pub use credentials::{Admin, Anonymous, Member, Operator, SignedIn};
pub use eventually::{eventually, stays, within};
pub use http::{Http, NoAnswer, Observer, Request, Response};
pub use views::{id, items};
