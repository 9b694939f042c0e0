//! Helpers for tests of stores and of rules about principals. They need the feature `testing`, which only
//! dev-dependencies enable.

use aws_credential_types::Credentials;
use domain::id::{TenantId, UserId};
use domain::user::Role;
use jiff::Timestamp;

use crate::aws::settings;
use crate::new_id;
use crate::runtime::leak;
use crate::table::{CommandContext, Known, PK, Row, SK, Scope, TenantTable, namespace};
use crate::tenancy::{Principal, Tenant};

/// The tenants' table of a local cloud that the test has started.
pub struct Table(&'static TenantTable);

impl Table {
    /// Opens the table with the role and the access keys of one of the cloud's functions.
    pub fn new(endpoint: &str, table: String, role_arn: String, keys: [String; 3]) -> Self {
        let [id, secret, token] = keys;
        let credentials = Credentials::new(id, secret, Some(token), None, "test");
        let shared =
            settings("eu-west-1".to_owned(), credentials).to_builder().endpoint_url(endpoint).build();
        Self(leak(TenantTable::new(&shared, table, role_arn)))
    }

    /// The scope of a new tenant.
    pub fn scope(&self) -> Scope {
        self.scope_of(new_id(TenantId::from_uuid))
    }

    pub fn scope_of(&self, tenant: TenantId) -> Scope {
        self.0.within(Tenant::for_tests(tenant))
    }
}

/// The context of a command whose request has no idempotency key.
pub fn context(at: Timestamp) -> CommandContext {
    CommandContext { at, traceparent: None, receipt: None }
}

/// What `Call::expect` and `Call::as_read` return to a handler.
pub fn known<T>(read: domain::Versioned<T>) -> Known<T> {
    Known::new(read)
}

pub fn principal(user: UserId, role: Role) -> Principal {
    Principal { tenant: Tenant::for_tests(new_id(TenantId::from_uuid)), user, role }
}

/// The partition key and the sort key as they are in the table.
pub fn keys_of(row: &Row) -> (String, String) {
    let text = |name| row.own_text(name).unwrap_or_default().to_owned();
    (text(PK), text(SK))
}

/// The names of all namespaces. The name of one that has a partition for each id ends with `#`.
pub fn namespaces() -> impl Iterator<Item = String> {
    namespace::names()
}
