//! Lists with a filter, of which a page reads a bounded number of rows.

use aws_sdk_dynamodb::types::Select;

use super::listing::request;
use super::{Listing, Page, Partition, Row, Scope, SortKey, StoreError};

/// How many rows a page with a filter reads at most, in one or two Queries.
const READ_FOR_A_PAGE: usize = 500;
/// How many times as many rows as are wanted the first Query reads. Most filters let that many through.
const FIRST: usize = 3;

impl Scope {
    /// Reads a page of those rows that the listing's filter lets through. It may have few items, or none, and a cursor.
    pub async fn search(
        &self,
        partition: &Partition,
        listing: Listing<'_>,
    ) -> Result<Page<Row, SortKey>, StoreError> {
        if listing.filter.is_none() {
            return self.list(partition, listing).await;
        }
        let (by, wanted) = (listing.by, listing.limit);
        let first = READ_FOR_A_PAGE.min(FIRST * wanted);
        let (mut items, mut cursor) = (Vec::new(), listing.cursor.clone());
        for limit in [first, READ_FOR_A_PAGE - first] {
            let page = self.list(partition, Listing { limit, cursor, ..listing.clone() }).await?;
            (cursor, items) = (page.next_cursor, [items, page.items].concat());
            if items.len() > wanted {
                items.truncate(wanted);
                cursor = items.last().map(|row| by.position(row)).transpose()?;
            }
            if items.len() == wanted || cursor.is_none() || limit == READ_FOR_A_PAGE {
                break;
            }
        }
        Ok(Page { items, next_cursor: cursor })
    }

    /// Counts the rows that the listing's filter lets through, unless more than the listing's limit had to be read.
    pub async fn count(
        &self,
        partition: &Partition,
        listing: Listing<'_>,
    ) -> Result<Option<usize>, StoreError> {
        let (by, mut counted) = (listing.by, 0);
        let (mut left, mut cursor) = (listing.limit + 1, listing.cursor.clone());
        loop {
            let page = Listing { limit: left, cursor, ..listing.clone() };
            let query = self.client().query().table_name(self.table_name()).select(Select::Count);
            let Some(query) = request(query, &partition.key(&self.tenant), page) else {
                return Ok(Some(counted));
            };
            let answer = query.send().await.map_err(StoreError::from_sdk)?;
            counted += usize::try_from(answer.count).unwrap_or_default();
            left = left.saturating_sub(usize::try_from(answer.scanned_count).unwrap_or_default());
            cursor = answer.last_evaluated_key.map(|key| by.position(&Row(key))).transpose()?;
            if left == 0 {
                return Ok(None);
            }
            if cursor.is_none() {
                return Ok(Some(counted));
            }
        }
    }
}
