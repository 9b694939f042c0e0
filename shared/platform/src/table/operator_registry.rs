//! The registry, as operators' routes reach it that are about no tenant.

use aws_sdk_dynamodb::Client;
use serde::Serialize;

use super::commit::commit;
use super::keys::VERSION;
use super::listing::query;
use super::scope::item_key;
use super::{Condition, Conflict, Decided, Listing, OperatorCommand, Page, Row, SortKey, StoreError, Write};
use crate::StartError;
use crate::aws::{dynamodb, shared_config, with_endpoint};
use crate::config::required;

/// The most rows that are read for a page of a filtered list.
const READ: usize = 1_000;

/// The registry's table, with the rights of the function itself.
pub struct OperatorRegistry {
    client: Client,
    table: String,
}

impl OperatorRegistry {
    pub fn open() -> Result<Self, StartError> {
        let client = dynamodb(&with_endpoint(&shared_config()?, "AWS_ENDPOINT_URL_DYNAMODB"));
        Ok(Self { client, table: required("REGISTRY_TABLE")? })
    }

    /// A consistent read of one row.
    pub(crate) async fn get(&self, partition: &str, sort: &SortKey) -> Result<Option<Row>, StoreError> {
        let request = self.client.get_item().table_name(&self.table).consistent_read(true);
        let answer = request.set_key(Some(item_key(partition, sort))).send().await;
        Ok(answer.map_err(StoreError::from_sdk)?.item.map(Row::new))
    }

    /// The write of a decision's state as a row, on the condition that the stored version is still the one that the
    /// decision was made on.
    pub(crate) fn decided_state<T: Serialize, E>(
        &self,
        partition: &str,
        decided: &Decided<T, E>,
    ) -> Result<Write, StoreError> {
        let (key, expected) =
            ((partition.to_owned(), &SortKey::SINGLE), Condition::expects(decided.expected));
        let next = &decided.next;
        let write = Write::in_registry(&self.table, key, expected, Conflict::Version, &next.value)?;
        Ok(write.own_number(VERSION, next.version))
    }

    /// Reads a page by one Query. With a filter, the Query reads up to a thousand rows, so a page may have few items, or
    /// none, and a cursor.
    pub(crate) async fn list<T>(
        &self,
        partition: &str,
        listing: Listing<'_>,
        filter: Option<impl Fn(&T) -> bool>,
        read: impl Fn(&Row) -> Result<T, StoreError>,
    ) -> Result<Page<T, SortKey>, StoreError> {
        let wanted = listing.limit;
        let limit = if filter.is_some() { READ } else { wanted };
        let found = query(&self.client, &self.table, partition, Listing { limit, ..listing }).await?;
        let mut page = Page { items: Vec::new(), next_cursor: found.next_cursor };
        let count = found.items.len();
        for (index, row) in found.items.iter().enumerate() {
            let item = read(row)?;
            if filter.as_ref().is_none_or(|matches| matches(&item)) {
                page.items.push(item);
            }
            if page.items.len() == wanted && index + 1 < count {
                page.next_cursor = Some(row.sort_key()?);
                break;
            }
        }
        Ok(page)
    }

    /// Commits the writes with the row of the operators' audit and the receipt of the command, all or none.
    pub(crate) async fn commit(
        &self,
        mut writes: Vec<Write>,
        command: &OperatorCommand,
    ) -> Result<(), StoreError> {
        writes.extend(command.writes(&self.table)?);
        commit(&self.client, writes).await
    }
}
