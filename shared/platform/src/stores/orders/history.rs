//! What happened to an order, page by page. A page ends between two commits.

use domain::id::OrderId;
use domain::order::Order;

use super::{LoadedOrder, Orders, fold, read_commit};
use crate::events::{Aggregate, Envelope};
use crate::stores::keys::{Partition, SK, commit_sort_key, parse_commit_sort_key};
use crate::stores::listing::Listing;
use crate::stores::scope::{Item, text};
use crate::stores::{Page, StoreError, Version};

pub struct OrderHistory {
    /// As it was at first: enough to say who may see it.
    pub placed: Order,
    /// The events, oldest first, and the version that the page ends with.
    pub page: Page<Envelope, Version>,
}

impl Orders<'_> {
    /// Of so many commits at most, those behind that version. None when there is no order.
    pub async fn history(
        &self,
        id: OrderId,
        after: Option<Version>,
        limit: usize,
    ) -> Result<Option<OrderHistory>, StoreError> {
        let partition = Partition::order(id);
        let listing = Listing {
            ascending: true,
            after: after.map(commit_sort_key),
            limit,
            // The first page decides whether there is an order; who asks for another one has seen that.
            consistent: after.is_none(),
            ..Listing::default()
        };
        let page = self.0.list(&partition, listing).await?;
        let first = match after {
            None => page.items.first().cloned(),
            Some(_) => self.0.get_eventually(&partition, &commit_sort_key(Version::FIRST)).await?,
        };
        let placed = fold(id, first.into_iter().collect())?;
        let Some(LoadedOrder { order: placed, .. }) = placed else { return Ok(None) };
        let events = page.items.iter().map(|item| self.envelopes(id, item));
        let events = events.collect::<Result<Vec<_>, _>>()?.concat();
        let next_cursor = page.next_cursor.as_deref().map(version).transpose()?;
        Ok(Some(OrderHistory { placed, page: Page { items: events, next_cursor } }))
    }

    fn envelopes(&self, id: OrderId, item: &Item) -> Result<Vec<Envelope>, StoreError> {
        let version = version(text(item, SK)?)?;
        Ok(read_commit(item)?.envelopes(self.0.tenant(), Aggregate::Order(id), version))
    }
}

fn version(sort_key: &str) -> Result<Version, StoreError> {
    parse_commit_sort_key(sort_key).ok_or_else(|| StoreError::corrupt("not the sort key of a commit"))
}
