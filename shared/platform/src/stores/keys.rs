//! The one place that builds partition keys. Each begins with its tenant, which IAM compares with the session's tag.

use domain::id::{OrderId, TenantId, UserId};

use crate::events::Aggregate;
use crate::stores::Version;

pub(crate) const PK: &str = "pk";
pub(crate) const SK: &str = "sk";

/// The index that lists a part of a partition, and its partition key; its sort key is the table's.
pub(crate) const FACETS: &str = "Facets";
pub(crate) const FACET: &str = "facet";

/// The sort key of a partition's only item.
pub(crate) const SINGLE: &str = "-";

const COMMIT: &str = "e#";

#[derive(Debug, Clone)]
pub(crate) enum Partition<'a> {
    /// An aggregate's commits, and beside a tenant's commits its profile.
    Commits(Aggregate),
    Users,
    /// Users by their e-mail addresses.
    Directory,
    /// What a user's log-ins began.
    Sessions(UserId),
    Products,
    /// Projection: every order of the tenant, by id.
    OrderList,
    /// Projection: the orders of one customer, by id.
    CustomerOrderList(UserId),
    Inbox(UserId),
    /// What each user wants to be told of, by user.
    Preferences,
    /// Marks a mail as sent, by the event that asked for it and its recipient.
    SentMail,
    /// What happened in the tenant, by time.
    Audit,
    /// What one user did.
    UserAudit(UserId),
    /// What the platform's operators did.
    OperatorAudit,
    Idempotency {
        user: UserId,
        route: &'a str,
    },
}

impl Partition<'_> {
    pub(crate) fn key(&self, tenant: TenantId) -> String {
        let rest = match self {
            Self::Commits(aggregate) => commits_of(*aggregate),
            Self::Users => "users".to_owned(),
            Self::Directory => "directory".to_owned(),
            Self::Sessions(user) => format!("sessions#{user}"),
            Self::Products => "products".to_owned(),
            Self::OrderList => "orders".to_owned(),
            Self::CustomerOrderList(user) => format!("orders#{user}"),
            Self::Inbox(user) => format!("inbox#{user}"),
            Self::Preferences => "preferences".to_owned(),
            Self::SentMail => "mails".to_owned(),
            Self::Audit => "audit".to_owned(),
            Self::UserAudit(user) => format!("audit#{user}"),
            Self::OperatorAudit => "audit#operator".to_owned(),
            Self::Idempotency { user, route } => format!("idempotency#{user}#{route}"),
        };
        format!("T#{tenant}#{rest}")
    }

    pub(crate) fn order(id: OrderId) -> Self {
        Self::Commits(Aggregate::Order(id))
    }
}

/// Where the commits of an aggregate stand.
fn commits_of(aggregate: Aggregate) -> String {
    match aggregate {
        Aggregate::Tenant(id) => format!("tenant#{id}"),
        Aggregate::User(id) => format!("user#{id}"),
        Aggregate::Product(id) => format!("product#{id}"),
        Aggregate::Order(id) => format!("order#{id}"),
    }
}

fn aggregate_of(partition: &str) -> Option<Aggregate> {
    let (kind, id) = partition.split_once('#')?;
    match kind {
        "tenant" => id.parse().ok().map(Aggregate::Tenant),
        "user" => id.parse().ok().map(Aggregate::User),
        "product" => id.parse().ok().map(Aggregate::Product),
        "order" => id.parse().ok().map(Aggregate::Order),
        _ => None,
    }
}

/// Begins with its tenant, as a partition key does.
pub(crate) fn facet_key(partition: &str, facet: &str) -> String {
    format!("{partition}#{facet}")
}

/// Ten digits keep the order of numbers in the order of strings.
pub(crate) fn commit_sort_key(version: Version) -> String {
    format!("{COMMIT}{:010}", version.number())
}

pub(crate) fn parse_commit_sort_key(sk: &str) -> Option<Version> {
    Version::from_number(sk.strip_prefix(COMMIT)?.parse().ok()?)
}

/// From a commit's keys to what they say.
pub(crate) fn parse_commit_key(pk: &str, sk: &str) -> Option<(TenantId, Aggregate, Version)> {
    let (tenant, aggregate) = pk.strip_prefix("T#")?.split_once('#')?;
    Some((tenant.parse().ok()?, aggregate_of(aggregate)?, parse_commit_sort_key(sk)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_s_keys_tell_tenant_aggregate_and_version() {
        let tenant: TenantId = "ten_0190b5b4a3b27c10b5a58d0a3b8a1c2d".parse().unwrap();
        let order: OrderId = "ord_0190b5b4a3b27c10b5a58d0a3b8a1c2d".parse().unwrap();
        let version = Version::FIRST.next();
        let pk = Partition::order(order).key(tenant);
        assert_eq!(pk, format!("T#{tenant}#order#{order}"));
        let sk = commit_sort_key(version);
        assert_eq!(sk, "e#0000000002");
        assert_eq!(parse_commit_key(&pk, &sk), Some((tenant, Aggregate::Order(order), version)));
        for (pk, sk) in [(pk.as_str(), "x"), (&pk, "e#0"), ("T#x#order#y", &sk), ("", &sk), (&pk[..20], &sk)]
        {
            assert_eq!(parse_commit_key(pk, sk), None);
        }
    }
}
