//! Helpers for tests of stores and of rules about principals. They need the feature `testing`, which only
//! dev-dependencies enable.

use domain::id::{TenantId, UserId};
use domain::permission::PermissionSet;
use domain::plugin::{ConfigurationType, Manifest, PluginName, Release};
use domain::specification::Specification;
use jiff::Timestamp;
use proptest::prelude::*;

use crate::aws::settings;
use crate::new_id;
use crate::runtime::leak;
use crate::table::{CommandContext, Known, PK, Row, SK, Scope, TenantTable, namespace};
use crate::tenancy::{Principal, Tenant, TenantCredentials};

/// A plugin that needs nothing and has nothing of its own.
pub const MANIFEST: Manifest = Manifest {
    name: PluginName::of("comments"),
    release: Release::of(1, 0, 0),
    title: "Comments",
    needs: &[],
    permissions: &[],
    feature: None,
    configuration: ConfigurationType::NONE,
};

/// The tenants' table of a local cloud that the test has started.
pub struct Table {
    #[cfg(test)]
    shared: aws_types::SdkConfig,
    table: &'static TenantTable,
    credentials: TenantCredentials,
}

impl Table {
    /// Opens the table with these access keys, in a cloud that does not decide whether they suffice.
    pub fn new(endpoint: &str, table: String, keys: [String; 3]) -> Self {
        let [id, secret, token] = keys;
        let credentials = TenantCredentials::new(id, secret, token);
        let shared = settings("eu-west-1".to_owned(), credentials.to_sdk());
        let shared = shared.unwrap_or_else(|error| panic!("{error}"));
        let shared = shared.to_builder().endpoint_url(endpoint).build();
        Self {
            table: leak(TenantTable::new(&shared, table)),
            #[cfg(test)]
            shared,
            credentials,
        }
    }

    /// The scope of a new tenant.
    pub fn scope(&self) -> Scope {
        self.scope_of(new_id(TenantId::from_uuid))
    }

    /// A client for the table, and the table's name.
    #[cfg(test)]
    pub(crate) fn client(&self) -> (aws_sdk_dynamodb::Client, &str) {
        self.table.client_of(&self.credentials)
    }

    /// The configuration of other clients.
    #[cfg(test)]
    pub(crate) fn shared(&self) -> &aws_types::SdkConfig {
        &self.shared
    }

    /// The ledger in another table.
    #[cfg(test)]
    pub(crate) fn ledger(&self, table: &str) -> crate::table::UsageLedger {
        crate::table::UsageLedger::new(&self.shared, table.to_owned())
    }

    pub fn scope_of(&self, tenant: TenantId) -> Scope {
        self.table.within(Tenant::for_tests(tenant), &self.credentials)
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

pub fn principal(user: UserId, permissions: PermissionSet) -> Principal {
    Principal { tenant: Tenant::for_tests(new_id(TenantId::from_uuid)), user, permissions, session: None }
}

/// Specifications as deep as a request may ask.
pub fn any_specification<L: Clone + std::fmt::Debug + 'static>(
    leaf: impl Strategy<Value = L> + 'static,
) -> impl Strategy<Value = Specification<L>> {
    leaf.prop_map(Specification::leaf).prop_recursive(5, 20, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|one| !one),
            (inner.clone(), inner.clone()).prop_map(|(one, other)| one & other),
            (inner.clone(), inner).prop_map(|(one, other)| one | other),
        ]
    })
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
