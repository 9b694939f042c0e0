//! Scopes, through which all data of tenants is read and written.

use std::fmt;
use std::num::NonZeroUsize;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_types::SdkConfig;
use domain::Version;
use domain::id::TenantId;
use lru::LruCache;
use schemars::JsonSchema;
use serde::Serialize;

use super::commit::commit;
use super::keys::{PK, SK};
use super::row::Item;
use super::{Condition, Conflict, Partition, Row, SortKey, StoreError, Write};
use crate::aws::{dynamodb, with_endpoint};
use crate::config::{ConfigError, required};
use crate::limits::{Admission, Arrival, Count, Limits};
use crate::tenancy::{Tenant, TenantCredentials};

/// The number of clients that are cached. `unwrap` is evaluated at compile time.
const CLIENTS: NonZeroUsize = NonZeroUsize::new(100).unwrap();

/// The table of all tenants' data. Nothing is read or written without credentials for one tenant.
pub(crate) struct TenantTable {
    name: String,
    config: SdkConfig,
    /// By the access key id of their credentials.
    clients: Mutex<LruCache<String, Client>>,
}

impl TenantTable {
    pub(crate) fn open(shared: &SdkConfig) -> Result<Self, ConfigError> {
        Ok(Self::new(shared, required("TENANT_TABLE")?))
    }

    pub(crate) fn new(shared: &SdkConfig, name: String) -> Self {
        let config = with_endpoint(shared, "AWS_ENDPOINT_URL_DYNAMODB");
        Self { name, config, clients: Mutex::new(LruCache::new(CLIENTS)) }
    }

    pub(crate) fn within(&'static self, tenant: Tenant, credentials: &TenantCredentials) -> Scope {
        let client = self.client(credentials);
        Scope { table: &self.name, client, tenant, admission: None, is_audited: false }
    }

    /// For tests of clients.
    #[cfg(test)]
    pub(crate) fn client_of(&self, credentials: &TenantCredentials) -> (Client, &str) {
        (self.client(credentials), &self.name)
    }

    fn client(&self, credentials: &TenantCredentials) -> Client {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let client = || {
            let provider = SharedCredentialsProvider::new(credentials.to_sdk());
            dynamodb(&self.config.to_builder().credentials_provider(provider).build())
        };
        clients.get_or_insert(credentials.access_key_id().to_owned(), client).clone()
    }
}

/// The part of the table that belongs to one verified tenant.
///
/// ```
/// fn store(scope: &platform::table::Scope) -> domain::id::TenantId {
///     scope.tenant()
/// }
/// ```
/// ```compile_fail,E0624
/// fn client(scope: &platform::table::Scope) {
///     let _ = scope.client();
/// }
/// ```
/// ```compile_fail,E0616
/// fn rename(scope: &mut platform::table::Scope, other: platform::tenancy::Tenant) {
///     scope.tenant = other;
/// }
/// ```
#[derive(Clone)]
pub struct Scope {
    table: &'static str,
    client: Client,
    pub(super) tenant: Tenant,
    /// Of a request that is limited.
    admission: Option<Admission>,
    /// Whether each commit needs a row of the operators' audit.
    is_audited: bool,
}

/// A page of a list, with the cursor of the next one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "{T}Page")]
pub struct Page<T, C> {
    pub items: Vec<T>,
    /// The parameter `cursor` of the next page. The last page has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<C>,
}

impl Page<Row, SortKey> {
    /// Reads each row, and parses the sort key at which the page ended as a cursor.
    pub fn read<T, C: FromStr<Err: fmt::Display>>(
        self,
        read: impl Fn(&Row) -> Result<T, StoreError>,
    ) -> Result<Page<T, C>, StoreError> {
        let items = self.items.iter().map(read).collect::<Result<_, _>>()?;
        Page { items, next_cursor: self.next_cursor }.with_cursor()
    }
}

impl<T> Page<T, SortKey> {
    /// Parses the sort key at which the page ended as a cursor.
    pub(crate) fn with_cursor<C: FromStr<Err: fmt::Display>>(self) -> Result<Page<T, C>, StoreError> {
        let next_cursor = self.next_cursor.map(|key| key.parse()).transpose()?;
        Ok(Page { items: self.items, next_cursor })
    }
}

impl<T, C> Page<T, C> {
    pub fn map<U>(self, view: impl FnMut(T) -> U) -> Page<U, C> {
        Page { items: self.items.into_iter().map(view).collect(), next_cursor: self.next_cursor }
    }
}

impl Scope {
    pub fn tenant(&self) -> TenantId {
        self.tenant.id()
    }

    /// Counts the request in the tenant's part of the table of counts. Writes of the answered admission's scopes wait
    /// for it.
    pub(crate) fn admit(&self, limits: &'static Limits, arrival: Arrival) -> Admission {
        let partition = Partition("requests".to_owned()).key(&self.tenant);
        limits.admit(arrival, Count { client: self.client.clone(), table: limits.table(), partition })
    }

    /// Lets writes wait until the request is admitted.
    pub(crate) fn limited_by(self, admission: Option<Admission>) -> Self {
        Self { admission, ..self }
    }

    /// Refuses commits without a row of the operators' audit.
    pub(super) fn audited(self) -> Self {
        Self { is_audited: true, ..self }
    }

    pub(super) fn table_name(&self) -> &str {
        self.table
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// A write of one row without a document. `conflict` is reported when the condition fails.
    pub fn write(
        &self,
        partition: &Partition,
        sort: SortKey,
        condition: Condition,
        conflict: Conflict,
    ) -> Write {
        Write::new(self.table, partition.key(&self.tenant), &sort, condition, conflict)
    }

    /// A write of a state, which is a row's document and version.
    pub fn write_state(
        &self,
        partition: &Partition,
        sort: SortKey,
        condition: Condition,
        conflict: Conflict,
        (version, value): (Version, &impl Serialize),
    ) -> Result<Write, StoreError> {
        let document = serde_json::to_string(value).map_err(StoreError::corrupt)?;
        let write = self.write(partition, sort, condition, conflict);
        Ok(write.with_document(version, document))
    }

    /// Commits all of the writes, or none.
    ///
    /// Fails with the [`Conflict`] of a write whose condition does not hold.
    pub async fn commit(&self, writes: Vec<Write>) -> Result<(), StoreError> {
        if writes.iter().any(Write::forges_commit) {
            return Err(StoreError::corrupt("a row has the sort key of a commit"));
        }
        // The registry has partitions of its own.
        let own = Partition(String::new()).key(&self.tenant);
        if writes.iter().any(|write| write.table == self.table && !write.is_in(&own)) {
            return Err(StoreError::corrupt("a write was made in another scope"));
        }
        if self.is_audited && !writes.iter().any(Write::is_audit_of_operators) {
            return Err(StoreError::corrupt("an operator's commit has no row of the operators' audit"));
        }
        if let Some(admission) = &self.admission {
            admission.decision().await.map_err(StoreError::OverLimit)?;
        }
        commit(&self.client, writes).await
    }

    /// A consistent read of one row.
    pub async fn get(&self, partition: &Partition, sort: &SortKey) -> Result<Option<Row>, StoreError> {
        self.get_item(partition, sort, true).await
    }

    /// An eventually consistent read, at half the cost: for views, never for decisions.
    pub async fn get_eventually(
        &self,
        partition: &Partition,
        sort: &SortKey,
    ) -> Result<Option<Row>, StoreError> {
        self.get_item(partition, sort, false).await
    }

    async fn get_item(
        &self,
        partition: &Partition,
        sort: &SortKey,
        consistent: bool,
    ) -> Result<Option<Row>, StoreError> {
        let answer = self
            .client
            .get_item()
            .table_name(self.table)
            .set_key(Some(self.key(partition, sort)))
            .consistent_read(consistent)
            .send()
            .await
            .map_err(StoreError::from_sdk)?;
        Ok(answer.item.map(Row))
    }

    pub(super) fn key(&self, partition: &Partition, sort: &SortKey) -> Item {
        item_key(&partition.key(&self.tenant), sort)
    }
}

pub(super) fn item_key(partition: &str, sort: &SortKey) -> Item {
    [(PK, partition), (SK, sort.as_str())]
        .map(|(name, value)| (name.to_owned(), AttributeValue::S(value.to_owned())))
        .into()
}
