//! What a tenant's part of the table is divided into. Each kind of partition stands in this one list: what is not here
//! cannot be written, so that the [walk](super::Walk) over a tenant (for export, erasure and moves) is complete by
//! construction.
//!
//! A context names the namespaces of its own module alone. Those of `platform` are out of its sight:
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

use std::marker::PhantomData;

use domain::event::Aggregate;
use domain::id::{Id, OrderId, ProductId, TenantId, UserId};

use super::Attribute;
use crate::tenancy::Tenant;

/// A kind of partition. `K` says which one of its kind is meant; a tenant has one alone of a `Namespace<()>`.
pub struct Namespace<K = ()> {
    shape: Shape,
    key: PhantomData<fn(K)>,
}

/// What the walk knows of a namespace: its name, and of what there is one partition each.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    pub(super) name: &'static str,
    pub(super) per: Per,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Per {
    /// One partition.
    Tenant,
    /// One partition, which carries the tenant's own id.
    TenantId,
    /// One for each user of the directory.
    User,
    /// One for each row of that list, whose sort keys are the ids.
    RowOf(&'static str),
}

/// The attribute by which each row of the directory names its user.
pub(crate) const USER_ID: Attribute = Attribute::new("userId");

/// One partition of the tenant in whose scope it is used. It holds no tenant: a [`Scope`](super::Scope) adds its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Partition(pub(super) String);

impl Partition {
    /// The one place that builds partition keys. Each begins with its tenant, which IAM compares with the session's tag.
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
        Self { shape: Shape { name, per }, key: PhantomData }
    }
}

impl Namespace<()> {
    const fn list(name: &'static str) -> Self {
        Self::new(name, Per::Tenant)
    }

    pub fn partition(&self) -> Partition {
        Partition(self.shape.name.to_owned())
    }

    /// One partition for each id of this list.
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
    pub fn of(&self, id: K) -> Partition {
        Partition(format!("{}#{id}", self.shape.name))
    }
}

macro_rules! namespaces {
    ($($(#[$doc:meta])* $vis:vis mod $context:ident {$($(#[$note:meta])* $name:ident: $key:ty = $shape:expr;)+})+) => {
        $($(#[$doc])* $vis mod $context {
            use super::*;
            $($(#[$note])* $vis const $name: Namespace<$key> = $shape;)+
        })+
        /// All of them, for the walk.
        pub(super) const ALL: &[Shape] = &[$($($context::$name.shape,)+)+];
    };
}

namespaces! {
    pub(crate) mod requests {
        /// Answers of commands, by the keys that clients chose.
        IDEMPOTENCY: UserId = Namespace::per_user("idempotency");
    }
    pub(crate) mod accounts {
        /// The tenant's profile, and its commits.
        TENANT: TenantId = Namespace::new("tenant", Per::TenantId);
        /// A user, and the user's commits.
        USER: UserId = Namespace::per_user("user");
        /// Users by their e-mail addresses.
        DIRECTORY: () = Namespace::list("directory");
        /// What a user's log-ins began.
        SESSIONS: UserId = Namespace::per_user("sessions");
    }
    pub mod catalog {
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
    pub mod notifications {
        INBOX: UserId = Namespace::per_user("inbox");
        /// What each user wants to be notified of, by user.
        PREFERENCES: () = Namespace::list("preferences");
        /// Marks of mails that were sent, by event and recipient.
        MAILS: () = Namespace::list("mails");
    }
    pub mod audit {
        /// Projection: what happened in the tenant, by time.
        AUDIT: () = Namespace::list("audit");
        /// Projection: what one user did.
        AUDIT_OF: UserId = Namespace::per_user("audit");
        /// Projection: what the platform's operators did.
        AUDIT_OF_OPERATORS: () = Namespace::list("operatoraudit");
    }
}

#[cfg(any(test, feature = "testing"))]
pub(crate) fn names() -> impl Iterator<Item = String> {
    ALL.iter().map(|shape| match shape.per {
        Per::Tenant => shape.name.to_owned(),
        Per::TenantId | Per::User | Per::RowOf(_) => format!("{}#", shape.name),
    })
}

const _: () = assert!(are_disjoint(ALL), "two namespaces share their partitions");

/// Names differ, or one has a partition without an id and the other has one with an id.
const fn are_disjoint(all: &[Shape]) -> bool {
    let mut one = 0;
    while one < all.len() {
        let mut other = one + 1;
        while other < all.len() {
            let alike = matches!(all[one].per, Per::Tenant) == matches!(all[other].per, Per::Tenant);
            if alike && are_equal(all[one].name, all[other].name) {
                return false;
            }
            other += 1;
        }
        one += 1;
    }
    true
}

/// `==` of texts is not `const`.
pub(super) const fn are_equal(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut index = 0;
    while index < one.len() {
        if one[index] != other[index] {
            return false;
        }
        index += 1;
    }
    true
}

/// Where the commits of an aggregate stand: in the namespace of its kind.
pub(super) fn commits_of(aggregate: Aggregate) -> Partition {
    Partition(format!("{}#{}", aggregate.kind(), aggregate.id()))
}

/// The aggregate whose commits stand in that partition.
pub(super) fn aggregate_of(partition: &str) -> Option<Aggregate> {
    let (kind, id) = partition.split_once('#')?;
    Aggregate::from_kind_and_id(kind, id)
}

const _: () = assert!(all_have_namespaces(Aggregate::KINDS), "an aggregate has no namespace of its kind");

const fn all_have_namespaces(kinds: &[&str]) -> bool {
    let mut kind = 0;
    while kind < kinds.len() {
        if !has_namespace(kinds[kind]) {
            return false;
        }
        kind += 1;
    }
    true
}

const fn has_namespace(kind: &str) -> bool {
    let mut one = 0;
    while one < ALL.len() {
        if !matches!(ALL[one].per, Per::Tenant) && are_equal(ALL[one].name, kind) {
            return true;
        }
        one += 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::new_id;

    #[test]
    fn a_partition_of_commits_names_its_aggregate() {
        for aggregate in [
            Aggregate::Tenant(new_id(TenantId::from_uuid)),
            Aggregate::User(new_id(UserId::from_uuid)),
            Aggregate::Product(new_id(ProductId::from_uuid)),
            Aggregate::Order(new_id(OrderId::from_uuid)),
        ] {
            assert_eq!(aggregate_of(&commits_of(aggregate).0), Some(aggregate));
        }
    }

    #[test]
    fn every_aggregate_has_a_namespace() {
        assert!(all_have_namespaces(&["order"]));
        // A list of that name is no place for commits.
        assert!(!all_have_namespaces(&["products"]) && !all_have_namespaces(&["cart"]));
    }

    #[test]
    fn namespaces_of_one_name_are_told_apart_by_an_id_alone() {
        const ONE: Shape = Shape { name: "orders", per: Per::Tenant };
        const EACH: Shape = Shape { name: "orders", per: Per::User };
        assert!(are_disjoint(&[ONE, EACH]));
        assert!(!are_disjoint(&[ONE, ONE]));
        assert!(!are_disjoint(&[EACH, Shape { per: Per::RowOf("products"), ..EACH }]));
    }
}
