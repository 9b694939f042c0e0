//! HTTP endpoints: a [`Route`], a handler of a typed [`Call`], and [`serve`], which connects the two.

mod access;
mod answer;
mod authorized;
mod bulk;
mod call;
mod configuration;
mod describe;
mod etag;
mod event_view;
mod gateway;
mod incoming;
mod input;
mod page;
mod permit;
mod precondition;
mod problem;
mod problem_type;
mod quota;
mod reply;
mod rfc3339;
mod route;
mod serve;
mod serve_open;
mod serve_operators;
mod shapes;

pub use access::{Access, Anyone, Credentials, Operator, RequiredAccess, SignedIn, TenantMember};
pub use bulk::BulkResult;
pub use call::{Call, OpenCall, OperatorCall};
pub use configuration::configuration;
pub use event_view::EventView;
pub use http::StatusCode;
pub use input::{NoBody, NoParameters, non_null, nullable};
pub use page::{Flag, Limit, VersionParameter};
pub use precondition::{Conditional, Precondition, Unconditional};
pub use problem::Problem;
pub use problem_type::{Explanation, PROBLEMS, ProblemType};
pub use reply::Reply;
pub use rfc3339::{Rfc3339, period};
pub use route::Route;
pub use serve::{serve, serve_rereading};
pub use serve_open::serve_open;
pub use serve_operators::{serve_operators, serve_operators_rereading};

pub use crate::describe::Cost;
pub use crate::json::Verbatim;
