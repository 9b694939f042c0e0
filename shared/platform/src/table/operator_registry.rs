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

    pub(crate) fn table(&self) -> &str {
        &self.table
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

    /// Reads a page by one Query.
    pub(crate) async fn list(
        &self,
        partition: &str,
        listing: Listing<'_>,
    ) -> Result<Page<Row, SortKey>, StoreError> {
        query(&self.client, &self.table, partition, listing).await
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
