//! The published language: events, in the forms in which they are stored and published. Each context has a file.

mod aggregate;
mod catalogue;
mod comment;
mod envelope;
mod form;
mod link;
mod order;
mod plugin;
mod post;
mod product;
mod published;
mod role;
mod tag_job;
mod tagged;
mod tenant;
mod usage;
mod user;

pub use aggregate::Aggregate;
pub use catalogue::{Event, EventType, TypeName};
pub use comment::*;
pub use envelope::{Envelope, SOURCE, StoredCommit, StoredEvent};
pub use link::*;
pub use order::*;
pub use plugin::*;
pub use post::*;
pub use product::*;
pub use role::*;
pub use tag_job::*;
pub use tagged::{Kinds, Tagged, Unreadable};
pub use tenant::*;
pub use usage::*;
pub use user::*;
