#![doc = include_str!("../README.md")]
#![warn(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod arn;
mod assume;
mod context;
mod decide;
mod decision;
mod document;
mod global_keys;
mod operators;
mod permission;
mod principal;
mod tags;
mod variables;
mod wildcard;

pub use assume::{AssumeRole, AssumeRoleDenied, assume_role};
pub use context::Context;
pub use decide::{Policies, PrincipalPolicies, Request, decide, decide_all};
pub use decision::{Decision, Denial, Lacking, Layer, StatementRef};
pub use document::{IdentityPolicy, ParseError, Problem, ResourceKind, ResourcePolicy};
pub use permission::LambdaPermission;
pub use principal::{InvalidPrincipal, Principal, RoleSession, User};
pub use tags::{SessionTags, TagError, Tags};
