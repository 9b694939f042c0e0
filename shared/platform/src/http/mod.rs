//! An endpoint: a [`Route`], a function over a typed [`Call`], and [`serve`].

mod arrival;
mod call;
mod input;
mod objects;
mod page;
mod problem;
mod reply;
mod route;
mod serve;

pub use call::{Call, OpenCall};
pub use http::StatusCode;
pub use input::{NoBody, NoParameters};
pub use page::Limit;
pub(crate) use problem::Kind;
pub use problem::Problem;
pub use reply::Reply;
pub use route::Route;
pub use serve::{serve, serve_open};
