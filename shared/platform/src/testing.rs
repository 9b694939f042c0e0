//! For tests of stores and of rules about principals, behind the feature `testing`, which only dev-dependencies name.

use aws_credential_types::Credentials;
use domain::id::{TenantId, UserId};
use domain::user::Role;
use jiff::Timestamp;

use crate::aws::settings;
use crate::new_id;
use crate::runtime::leak;
use crate::table::{CommandContext, Known, PK, Row, SK, Scope, TenantTable, namespace};
use crate::tenancy::{Principal, Tenant};

/// The tenants' table of a cloud that the test has started.
pub struct Table(&'static TenantTable);

impl Table {
    /// With the role and the keys of one of the cloud's functions.
    pub fn new(endpoint: &str, table: String, role_arn: String, keys: [String; 3]) -> Self {
        let [id, secret, token] = keys;
        let credentials = Credentials::new(id, secret, Some(token), None, "test");
        let shared =
            settings("eu-west-1".to_owned(), credentials).to_builder().endpoint_url(endpoint).build();
        Self(leak(TenantTable::new(&shared, table, role_arn)))
    }

    /// A new tenant's.
    pub fn scope(&self) -> Scope {
        self.scope_of(new_id(TenantId::from_uuid))
    }

    pub fn scope_of(&self, tenant: TenantId) -> Scope {
        self.0.within(Tenant::for_tests(tenant))
    }
}

/// A command's context, of a request without an idempotency key.
pub fn context(at: Timestamp) -> CommandContext {
    CommandContext { at, traceparent: None, receipt: None }
}

/// As a handler knows what it has read.
pub fn known<T>(read: domain::Versioned<T>) -> Known<T> {
    Known::new(read)
}

pub fn principal(user: UserId, role: Role) -> Principal {
    Principal { tenant: Tenant::for_tests(new_id(TenantId::from_uuid)), user, role }
}

/// Partition key and sort key, as the table has them.
pub fn keys_of(row: &Row) -> (String, String) {
    let text = |name| row.own_text(name).unwrap_or_default().to_owned();
    (text(PK), text(SK))
}

/// The name of every namespace; one with a partition for each id ends with `#`.
pub fn namespaces() -> impl Iterator<Item = String> {
    namespace::names()
}
