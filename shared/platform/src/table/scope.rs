//! Scopes, through which all data of tenants is read and written.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};
use aws_types::SdkConfig;
use domain::Version;
use domain::id::TenantId;
use schemars::JsonSchema;
use serde::Serialize;

use super::commit::commit;
use super::credentials::TenantCredentials;
use super::keys::{DOCUMENT, PK, SK, VERSION};
use super::row::Item;
use super::{Condition, Conflict, Partition, Row, SortKey, StoreError, Write, pause};
use crate::config::{ConfigError, required};
use crate::tenancy::Tenant;

/// DynamoDB's limit of a BatchGetItem.
const BATCH: usize = 100;
/// The number of batches in a row without any item after which a throttled table is given up.
const ROUNDS: u32 = 4;

/// The table of all tenants' data.
pub(crate) struct TenantTable {
    name: String,
    credentials: TenantCredentials,
}

impl TenantTable {
    pub(crate) fn open(shared: &SdkConfig) -> Result<Self, ConfigError> {
        Ok(Self::new(shared, required("TENANT_TABLE")?, required("ROLE_ARN")?))
    }

    pub(crate) fn new(shared: &SdkConfig, name: String, role_arn: String) -> Self {
        Self { name, credentials: TenantCredentials::new(shared, role_arn) }
    }

    pub(crate) fn within(&'static self, tenant: Tenant) -> Scope {
        Scope { table: self, tenant }
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
/// async fn client(scope: &platform::table::Scope) {
///     let _ = scope.client().await;
/// }
/// ```
/// ```compile_fail,E0616
/// fn rename(scope: &mut platform::table::Scope, other: platform::tenancy::Tenant) {
///     scope.tenant = other;
/// }
/// ```
pub struct Scope {
    table: &'static TenantTable,
    pub(super) tenant: Tenant,
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
        Ok(Page {
            items: self.items.iter().map(read).collect::<Result<_, _>>()?,
            next_cursor: self.next_cursor.map(|key| key.parse()).transpose()?,
        })
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

    pub(super) fn table_name(&self) -> &str {
        &self.table.name
    }

    pub(super) async fn client(&self) -> Result<aws_sdk_dynamodb::Client, StoreError> {
        self.table.credentials.client(&self.tenant).await
    }

    /// A write of one row without a document. `conflict` is reported when the condition fails.
    pub fn write(
        &self,
        partition: &Partition,
        sort: SortKey,
        condition: Condition,
        conflict: Conflict,
    ) -> Write {
        Write::new(&self.table.name, partition.key(&self.tenant), &sort, condition, conflict)
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
        Ok(write.own_number(VERSION, version).own_text(DOCUMENT, document))
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
        if writes.iter().any(|write| write.table == self.table.name && !write.is_in(&own)) {
            return Err(StoreError::corrupt("a write was made in another scope"));
        }
        commit(&self.client().await?, writes).await
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

    /// Consistent reads of many rows, in any order. Rows that do not exist are left out.
    pub async fn get_all(
        &self,
        partition: &Partition,
        keys: impl IntoIterator<Item = SortKey>,
    ) -> Result<Vec<Row>, StoreError> {
        let distinct: std::collections::BTreeSet<SortKey> = keys.into_iter().collect();
        let mut wanted: Vec<Item> = distinct.iter().map(|key| self.key(partition, key)).collect();
        let mut found = Vec::with_capacity(wanted.len());
        let mut rounds_without_progress = 0;
        while !wanted.is_empty() {
            pause(rounds_without_progress).await;
            let later = wanted.split_off(wanted.len().min(BATCH));
            let (rows, unread) = self.get_batch(wanted).await?;
            rounds_without_progress =
                if rows.is_empty() && !unread.is_empty() { rounds_without_progress + 1 } else { 0 };
            if rounds_without_progress == ROUNDS {
                return Err(StoreError::Unavailable("the table is throttled".to_owned()));
            }
            found.extend(rows);
            wanted = [unread, later].concat();
        }
        Ok(found)
    }

    async fn get_batch(&self, keys: Vec<Item>) -> Result<(Vec<Row>, Vec<Item>), StoreError> {
        let request = KeysAndAttributes::builder()
            .set_keys(Some(keys))
            .consistent_read(true)
            .build()
            .map_err(StoreError::corrupt)?;
        let client = self.client().await?;
        let request = client.batch_get_item().request_items(&self.table.name, request);
        let answer = request.send().await.map_err(StoreError::unavailable)?;
        let rows = answer.responses.into_iter().flat_map(HashMap::into_values).flatten().map(Row).collect();
        let unread = answer.unprocessed_keys.into_iter().flat_map(HashMap::into_values);
        Ok((rows, unread.flat_map(|keys| keys.keys).collect()))
    }

    async fn get_item(
        &self,
        partition: &Partition,
        sort: &SortKey,
        consistent: bool,
    ) -> Result<Option<Row>, StoreError> {
        let answer = self
            .client()
            .await?
            .get_item()
            .table_name(&self.table.name)
            .set_key(Some(self.key(partition, sort)))
            .consistent_read(consistent)
            .send()
            .await
            .map_err(StoreError::unavailable)?;
        Ok(answer.item.map(Row))
    }

    pub(super) fn key(&self, partition: &Partition, sort: &SortKey) -> Item {
        HashMap::from([
            (PK.to_owned(), AttributeValue::S(partition.key(&self.tenant))),
            (SK.to_owned(), AttributeValue::S(sort.as_str().to_owned())),
        ])
    }
}
