//! HTTP endpoints: a [`Route`], a handler of a typed [`Call`], and [`serve`], which connects the two.

mod access;
mod call;
mod describe;
mod etag;
mod gateway;
mod incoming;
mod input;
mod json;
mod page;
mod precondition;
mod problem;
mod problem_type;
mod quota;
mod reply;
mod rfc3339;
mod route;
mod serve;

pub use access::{Access, Anyone, Credentials, OperatorKey, RequiredAccess, SignedIn, TenantMember};
pub use call::{Call, OpenCall};
pub use http::StatusCode;
pub use input::{NoBody, NoParameters, non_null};
pub use page::Limit;
pub use precondition::{Conditional, Precondition, Unconditional};
pub use problem::Problem;
pub use problem_type::{Explanation, PROBLEMS, ProblemType};
pub use reply::Reply;
pub use rfc3339::Rfc3339;
pub use route::Route;
pub use serve::{serve, serve_open, serve_rereading};

pub use crate::describe::Cost;
