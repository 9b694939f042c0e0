//! An endpoint: a [`Route`], a function over a typed [`Call`], and [`serve`].

mod arrival;
mod call;
mod describe;
mod etag;
mod input;
mod moment;
mod objects;
mod page;
mod problem;
mod problem_type;
mod reply;
mod route;
mod serve;

pub use call::{Call, OpenCall};
pub use http::StatusCode;
pub use input::{NoBody, NoParameters, present};
pub use moment::Moment;
pub use page::Limit;
pub use problem::Problem;
pub use problem_type::{Explanation, PROBLEMS, ProblemType};
pub use reply::Reply;
pub use route::{Cost, Route};
pub use serve::{serve, serve_open};
