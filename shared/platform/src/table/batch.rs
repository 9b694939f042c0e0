//! Reads of several rows in one request.

use std::collections::{BTreeSet, HashMap};

use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};

use super::keys::{PK, SK};
use super::row::Item;
use super::{Partition, Row, Scope, SortKey, StoreError, pause};

/// DynamoDB's limit of a BatchGetItem.
const BATCH: usize = 100;
/// The number of requests in a row without any item after which a throttled table is given up.
const ROUNDS: u32 = 4;

/// The keys to read, by table.
type Wanted = HashMap<String, KeysAndAttributes>;

/// A row that belongs to no tenant, and may be read by all.
pub(crate) struct SharedRow {
    pub(crate) table: String,
    pub(crate) partition: &'static str,
    /// Otherwise, it is read as it was a moment ago, at half the cost.
    pub(crate) is_consistent: bool,
}

impl Scope {
    /// Consistent reads of many rows, in any order. Rows that do not exist are left out.
    pub async fn get_all(
        &self,
        partition: &Partition,
        keys: impl IntoIterator<Item = SortKey>,
    ) -> Result<Vec<Row>, StoreError> {
        let distinct: BTreeSet<SortKey> = keys.into_iter().collect();
        let keys: Vec<Item> = distinct.iter().map(|key| self.key(partition, key)).collect();
        let mut found = Vec::with_capacity(keys.len());
        for keys in keys.chunks(BATCH) {
            found.extend(self.get_wanted(self.own(keys.to_vec())?).await?);
        }
        Ok(found)
    }

    /// Eventually consistent reads of rows of different partitions, in any order. Rows that do not exist are left out.
    pub async fn get_all_eventually(
        &self,
        keys: impl IntoIterator<Item = (Partition, SortKey)>,
    ) -> Result<Vec<Row>, StoreError> {
        let distinct: BTreeSet<(Partition, SortKey)> = keys.into_iter().collect();
        let keys: Vec<Item> = distinct.iter().map(|(partition, sort)| self.key(partition, sort)).collect();
        let mut found = Vec::with_capacity(keys.len());
        for keys in keys.chunks(BATCH) {
            let wanted = Wanted::from([(self.table_name().to_owned(), request(keys.to_vec(), false)?)]);
            found.extend(self.get_wanted(wanted).await?);
        }
        Ok(found)
    }

    /// Consistent reads of a few rows of different partitions, in one request.
    pub(crate) async fn get_each<const N: usize>(
        &self,
        keys: [(Partition, SortKey); N],
    ) -> Result<[Option<Row>; N], StoreError> {
        let keys = keys.map(|(partition, sort)| self.key(&partition, &sort));
        let rows = self.get_wanted(self.own(keys.to_vec())?).await?;
        Ok(keys.map(|key| row_at(&rows, &key)))
    }

    /// Eventually consistent reads of a few rows of different partitions, in one request: for views, never for
    /// decisions.
    pub(crate) async fn get_each_eventually<const N: usize>(
        &self,
        keys: [(Partition, SortKey); N],
    ) -> Result<[Option<Row>; N], StoreError> {
        let keys = keys.map(|(partition, sort)| self.key(&partition, &sort));
        let wanted = Wanted::from([(self.table_name().to_owned(), request(keys.to_vec(), false)?)]);
        let rows = self.get_wanted(wanted).await?;
        Ok(keys.map(|key| row_at(&rows, &key)))
    }

    /// Consistent reads of a few rows of different partitions, and of a shared row, in one request.
    pub(crate) async fn get_each_and_shared<const N: usize>(
        &self,
        keys: [(Partition, SortKey); N],
        shared: &SharedRow,
    ) -> Result<([Option<Row>; N], Option<Row>), StoreError> {
        let keys = keys.map(|(partition, sort)| self.key(&partition, &sort));
        let shared_key = shared.key();
        let mut wanted = self.own(keys.to_vec())?;
        wanted.insert(shared.table.clone(), request(vec![shared_key.clone()], shared.is_consistent)?);
        let rows = self.get_wanted(wanted).await?;
        Ok((keys.map(|key| row_at(&rows, &key)), row_at(&rows, &shared_key)))
    }

    fn own(&self, keys: Vec<Item>) -> Result<Wanted, StoreError> {
        match keys.is_empty() {
            true => Ok(Wanted::new()),
            false => Ok(Wanted::from([(self.table_name().to_owned(), request(keys, true)?)])),
        }
    }

    async fn get_wanted(&self, mut wanted: Wanted) -> Result<Vec<Row>, StoreError> {
        let mut found = Vec::new();
        let mut rounds_without_progress = 0;
        while !wanted.is_empty() {
            pause(rounds_without_progress).await;
            let request = self.client().batch_get_item().set_request_items(Some(wanted));
            let answer = request.send().await.map_err(StoreError::from_sdk)?;
            let before = found.len();
            found.extend(answer.responses.into_iter().flat_map(HashMap::into_values).flatten().map(Row::new));
            wanted = answer.unprocessed_keys.unwrap_or_default();
            rounds_without_progress = match found.len() == before && !wanted.is_empty() {
                true => rounds_without_progress + 1,
                false => 0,
            };
            if rounds_without_progress == ROUNDS {
                return Err(StoreError::Unavailable("the table is throttled".to_owned()));
            }
        }
        Ok(found)
    }
}

impl SharedRow {
    fn key(&self) -> Item {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        Item::from([(PK.to_owned(), text(self.partition)), (SK.to_owned(), text(SortKey::SINGLE.as_str()))])
    }
}

fn request(keys: Vec<Item>, consistent: bool) -> Result<KeysAndAttributes, StoreError> {
    let request = KeysAndAttributes::builder().set_keys(Some(keys)).consistent_read(consistent);
    request.build().map_err(StoreError::corrupt)
}

fn row_at(rows: &[Row], key: &Item) -> Option<Row> {
    rows.iter().find(|row| row.is_at(key)).cloned()
}
