use std::collections::HashMap;

use aws_sdk_dynamodb::types::KeysAndAttributes;
use domain::id::ProductId;
use domain::money::Money;
use domain::product::{Product, ProductStatus};
use domain::text::ProductName;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::events::{Aggregate, Event, ProductCreated, ProductRetired, ProductUpdated};
use crate::runtime::backoff;
use crate::stores::commit::CommandContext;
use crate::stores::keys::{Partition, SK};
use crate::stores::listing::Listing;
use crate::stores::scope::{Item, stored, text};
use crate::stores::write::Condition;
use crate::stores::{Conflict, Page, Scope, StoreError, Version};

/// DynamoDB's limit of one BatchGetItem.
const BATCH: usize = 100;
/// So often is a throttled table asked again in vain.
const ROUNDS: u32 = 4;

pub struct Products<'a>(pub(crate) &'a Scope);

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    name: ProductName,
    price: Money,
    status: ProductStatus,
    created_at: Timestamp,
}

impl Products<'_> {
    pub async fn get(&self, id: ProductId) -> Result<Option<(Product, Version)>, StoreError> {
        let item = self.0.get(&Partition::Products, &id.to_string()).await?;
        item.map(|item| product(&item)).transpose()
    }

    /// Those of the products that exist, as they are now.
    pub async fn get_all(&self, ids: &[ProductId]) -> Result<HashMap<ProductId, Product>, StoreError> {
        let mut found = HashMap::with_capacity(ids.len());
        let mut wanted: Vec<Item> =
            ids.iter().map(|id| self.0.key(&Partition::Products, &id.to_string())).collect();
        wanted.sort_by(|a, b| text(a, SK).ok().cmp(&text(b, SK).ok()));
        wanted.dedup();
        let mut rounds_without_progress = 0;
        while !wanted.is_empty() {
            tokio::time::sleep(backoff(rounds_without_progress)).await;
            let later = wanted.split_off(wanted.len().min(BATCH));
            let (items, unread) = self.get_batch(wanted).await?;
            rounds_without_progress =
                if items.is_empty() && !unread.is_empty() { rounds_without_progress + 1 } else { 0 };
            if rounds_without_progress == ROUNDS {
                return Err(StoreError::Unavailable("the table is throttled".to_owned()));
            }
            for item in items {
                let (product, _) = product(&item)?;
                found.insert(product.id, product);
            }
            wanted = [unread, later].concat();
        }
        Ok(found)
    }

    async fn get_batch(&self, keys: Vec<Item>) -> Result<(Vec<Item>, Vec<Item>), StoreError> {
        let request = KeysAndAttributes::builder()
            .set_keys(Some(keys))
            .consistent_read(true)
            .build()
            .map_err(StoreError::corrupt)?;
        let answer = self
            .0
            .client()
            .await?
            .batch_get_item()
            .request_items(self.0.table(), request)
            .send()
            .await
            .map_err(StoreError::unavailable)?;
        let items = answer.responses.into_iter().flat_map(HashMap::into_values).flatten().collect();
        let unread = answer
            .unprocessed_keys
            .into_iter()
            .flat_map(HashMap::into_values)
            .flat_map(|keys| keys.keys)
            .collect();
        Ok((items, unread))
    }

    /// Newest first: those below that product, in one status or in any.
    pub async fn list(
        &self,
        status: Option<ProductStatus>,
        below: Option<ProductId>,
        limit: usize,
    ) -> Result<Page<(Product, Version), ProductId>, StoreError> {
        let range = Listing {
            facet: status.map(ProductStatus::as_str),
            after: below.map(|id| id.to_string()),
            limit,
            ..Listing::default()
        };
        let page = self.0.list(&Partition::Products, range).await?;
        Ok(Page {
            items: page.items.iter().map(product).collect::<Result<_, _>>()?,
            next_cursor: page.next_cursor.map(|id| id.parse()).transpose().map_err(StoreError::corrupt)?,
        })
    }

    pub async fn create(&self, product: &Product, context: &CommandContext) -> Result<(), StoreError> {
        let event = Event::ProductCreated(ProductCreated {
            product: product.id,
            name: product.name.clone(),
            price: product.price,
        });
        self.write(product, Version::NONE, event, context).await
    }

    /// `known` is the version that the change was decided on.
    pub async fn update(
        &self,
        product: &Product,
        known: Version,
        context: &CommandContext,
    ) -> Result<(), StoreError> {
        let event = Event::ProductUpdated(ProductUpdated {
            product: product.id,
            name: product.name.clone(),
            price: product.price,
        });
        self.write(product, known, event, context).await
    }

    pub async fn retire(
        &self,
        product: &Product,
        known: Version,
        context: &CommandContext,
    ) -> Result<(), StoreError> {
        let event = Event::ProductRetired(ProductRetired { product: product.id });
        self.write(product, known, event, context).await
    }

    /// State and event, as the version behind the known one.
    async fn write(
        &self,
        product: &Product,
        known: Version,
        event: Event,
        context: &CommandContext,
    ) -> Result<(), StoreError> {
        let version = known.next();
        let Product { id, name, price, status, created_at } = product.clone();
        let document = Document { name, price, status, created_at };
        let state = self.0.write_state(
            &Partition::Products,
            id.to_string(),
            Condition::at(known),
            Conflict::Version,
            (version, &document),
        )?;
        let mut writes = self.0.event_writes(Aggregate::Product(id), version, &[event], None, context)?;
        writes.push(state.in_facet(status.as_str()));
        self.0.commit(writes).await
    }
}

fn product(item: &Item) -> Result<(Product, Version), StoreError> {
    let id = text(item, SK)?.parse().map_err(StoreError::corrupt)?;
    let stored = stored::<Document>(item)?;
    let Document { name, price, status, created_at } = stored.value;
    Ok((Product { id, name, price, status, created_at }, stored.version))
}
