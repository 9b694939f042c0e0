//! Namespaces: the kinds of partitions in a tenant's part of the table.
//!
//! Only the namespaces in this list can be written, so that the [walk](super::Walk) over a tenant (for
//! export, erasure and moves) is complete by construction.
//!
//! A context uses the namespaces in the module of its own name. Those of `platform` are private:
//!
//! ```
//! let _ = platform::table::namespace::catalog::PRODUCTS.partition();
//! ```
//! ```compile_fail,E0603
//! let _ = platform::table::namespace::accounts::DIRECTORY.partition();
//! ```
//! ```compile_fail,E0624
//! let _ = platform::table::Namespace::list("users");
//! ```

mod commits;
mod shape;
mod tagged;

use std::marker::PhantomData;

use domain::event::Aggregate;
use domain::id::{CommentId, Id, OrderId, PostId, ProductId, TagJobId, TenantId, UserId};
use domain::text::TagSlug;

use super::Attribute;
use crate::tenancy::Tenant;
pub(super) use commits::{aggregate_of, commits_of};
pub use shape::Shape;
use shape::are_disjoint;
pub(super) use shape::{Per, are_equal};

/// A kind of partition. A tenant has one partition for each id of type `K`, and a single one of a
/// `Namespace<()>`.
pub struct Namespace<K = ()> {
    shape: Shape,
    key: PhantomData<fn(K)>,
}

/// The attribute with the user's id in each row of the directory.
pub(crate) const USER_ID: Attribute = Attribute::new("userId");

/// A partition. It does not hold the tenant: the [`Scope`](super::Scope) in which it is used adds its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Partition(pub(super) String);

impl Partition {
    /// Builds the partition key, here alone. It begins with the tenant, which IAM compares with the session's tag.
    pub(super) fn key(&self, tenant: &Tenant) -> String {
        format!("T#{}#{}", tenant.id(), self.0)
    }
}

impl<K> Namespace<K> {
    const fn new(name: &'static str, per: Per) -> Self {
        let bytes = name.as_bytes();
        let mut index = 0;
        while index < bytes.len() {
            assert!(bytes[index].is_ascii_lowercase(), "a namespace's name is lower-case letters");
            index += 1;
        }
        Self { shape: Shape::new(name, per), key: PhantomData }
    }
}

impl Namespace<()> {
    const fn list(name: &'static str) -> Self {
        Self::new(name, Per::Tenant)
    }

    /// The partition of a namespace that has a single one.
    pub fn partition(&self) -> Partition {
        Partition(self.shape.name.to_owned())
    }

    /// A namespace with one partition for each row of this list.
    const fn each<K>(&self, name: &'static str) -> Namespace<K> {
        Namespace::new(name, Per::RowOf(self.shape.name))
    }
}

impl Namespace<UserId> {
    const fn per_user(name: &'static str) -> Self {
        Self::new(name, Per::User)
    }
}

impl<K: Id> Namespace<K> {
    /// The partition of an id.
    pub fn of(&self, id: K) -> Partition {
        Partition(format!("{}#{id}", self.shape.name))
    }

    /// The aggregate whose commits stand there, if commits do.
    pub(super) fn aggregate(&self, id: K) -> Option<Aggregate> {
        Aggregate::from_kind_and_id(self.shape.name, &id.to_string())
    }
}

macro_rules! namespaces {
    ($($(#[$doc:meta])* $vis:vis mod $context:ident {$($(#[$note:meta])* $name:ident: $key:ty = $shape:expr;)+})+) => {
        $($(#[$doc])* $vis mod $context {
            use super::*;
            $($(#[$note])* $vis const $name: Namespace<$key> = $shape;)+
        })+
        /// All namespaces, for the walk.
        pub(super) const ALL: &[Shape] = &[$($($context::$name.shape.of(stringify!($context)),)+)+];
    };
}

namespaces! {
    pub(crate) mod requests {
        /// A user's receipts of commands, by route and idempotency key.
        IDEMPOTENCY: UserId = Namespace::per_user("idempotency");
    }
    pub(crate) mod plugins {
        /// What the tenant has set of each plugin, by its name.
        PLUGINS: () = Namespace::list("plugins");
        /// How a consumer of each plugin has failed last, by the plugin's name.
        FAILURES: () = Namespace::list("failures");
    }
    pub(crate) mod accounts {
        /// The tenant's profile, and its commits.
        TENANT: TenantId = Namespace::new("tenant", Per::TenantId);
        /// A user, and the user's commits.
        USER: UserId = Namespace::per_user("user");
        /// The role book, its commits, and how many users have each of its roles.
        ROLES: TenantId = Namespace::new("roles", Per::TenantId);
        /// Users who are more than members, by id.
        STAFF: () = Namespace::list("staff");
        /// Users by their e-mail addresses.
        DIRECTORY: () = Namespace::list("directory");
        /// The register of people: users by id and by name, and a mark that it has all of them.
        PEOPLE: () = Namespace::list("people");
        /// A user's sessions, by id.
        SESSIONS: UserId = Namespace::per_user("sessions");
        /// When a user has last signed in.
        SIGN_INS: UserId = Namespace::per_user("signins");
        /// A user's failed attempts to prove the present password, by time.
        ATTEMPTS: UserId = Namespace::per_user("attempts");
        /// Marks of a user's ended sessions, until the last access token of each has expired.
        ENDED: UserId = Namespace::per_user("ended");
        /// A user's links by purpose, and the commits that asked for them.
        LINKS: UserId = Namespace::per_user("links");
        /// Requests of links for addresses that nobody has. Nothing reads them: they are written to be as much work.
        STRANGERS: () = Namespace::list("strangers");
        /// How many links signed-in users have asked for, by time and digest of the address that gets them.
        ASKED: () = Namespace::list("asked");
        /// How much the tenant has of what is limited.
        COUNTS: () = Namespace::list("counts");
    }
    pub mod catalog {
        /// Products, by id.
        PRODUCTS: () = Namespace::list("products");
        /// A product's commits.
        PRODUCT: ProductId = PRODUCTS.each("product");
    }
    pub mod orders {
        /// Projection: every order of the tenant, by id.
        ORDERS: () = Namespace::list("orders");
        /// Projection: the orders of one customer, by id.
        ORDERS_OF: UserId = Namespace::per_user("orders");
        /// An order's commits.
        ORDER: OrderId = ORDERS.each("order");
    }
    pub mod content {
        /// Projection: every post of the tenant, by id. Of a deleted one, the id is left.
        POSTS: () = Namespace::list("posts");
        /// Projection: the posts of one author, by id.
        POSTS_BY: UserId = Namespace::per_user("posts");
        /// A post's commits.
        POST: PostId = POSTS.each("post");
        /// The posts by their slugs, by those of before too.
        SLUGS: () = Namespace::list("slugs");
        /// Projection: the tags by their slugs, and how many published posts have each of them.
        TAGS: () = Namespace::list("tags");
        /// Projection: the published posts with a tag, by id.
        TAGGED: TagSlug = TAGS.each("tagged");
        /// What tags that were renamed or merged are called now, by their slugs of before.
        TAG_ALIASES: () = Namespace::list("tagaliases");
        /// Jobs that change tags, by id.
        TAG_JOBS: () = Namespace::list("tagjobs");
        /// A job's commits.
        TAG_JOB: TagJobId = TAG_JOBS.each("tagjob");
    }
    pub mod comments {
        /// Which post each comment of the tenant is on, by the comment's id.
        COMMENTS: () = Namespace::list("comments");
        /// A comment's commits.
        COMMENT: CommentId = COMMENTS.each("comment");
        /// The comments on a post, by thread.
        COMMENTS_ON: PostId = content::POSTS.each("comments");
        /// Which post each comment is on, by its author's id and its own.
        COMMENTS_BY: () = Namespace::list("commentsby");
        /// How many approved comments a post has, by the post's id.
        COMMENT_COUNTS: () = Namespace::list("commentcounts");
    }
    pub mod notifications {
        /// A user's notifications, by id, and the counter of unread ones.
        INBOX: UserId = Namespace::per_user("inbox");
        /// The notification preferences of users, by user.
        PREFERENCES: () = Namespace::list("preferences");
        /// Marks of mails that were sent, by event and recipient.
        MAILS: () = Namespace::list("mails");
    }
    pub mod usage {
        /// The commits of what the tenant has used, one for each day.
        USAGE: TenantId = Namespace::new("usage", Per::TenantId);
    }
    pub mod audit {
        /// Projection: every event of the tenant, by time.
        AUDIT: () = Namespace::list("audit");
        /// Projection: the events that one user caused.
        AUDIT_OF: UserId = Namespace::per_user("audit");
        /// Projection: the events that the platform's operators caused.
        AUDIT_OF_OPERATORS: () = Namespace::list("operatoraudit");
    }
}

#[cfg(any(test, feature = "testing"))]
pub(crate) fn names() -> impl Iterator<Item = String> {
    ALL.iter().map(Shape::full_name)
}

const _: () = assert!(are_disjoint(ALL), "two namespaces share their partitions");

#[cfg(test)]
mod tests;
