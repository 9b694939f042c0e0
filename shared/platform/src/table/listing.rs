//! Lists, of which each page is one Query.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;

use super::keys::{DOCUMENT, FACET, FACETS, ORDER, ORDERED, PK, SK, VERSION, facet_key};
use super::row::Item;
use super::scope::item_key;
use super::{Attribute, Filter, Page, Partition, Row, Scope, SortKey, StoreError};

/// What to list of a partition.
#[derive(Debug, Clone, Default)]
pub struct Listing<'a> {
    pub by: By<'a>,
    /// The least and the greatest sort key, both inclusive.
    pub between: Option<(String, String)>,
    /// Whether the list begins with the least sort key, and not with the greatest.
    pub ascending: bool,
    /// The sort key at which the previous page ended.
    pub cursor: Option<SortKey>,
    /// How many rows to read. Those that the filter leaves out are among them.
    pub limit: usize,
    pub filter: Option<Filter>,
    /// The attributes to read besides the document; `None` for all.
    pub only: Option<&'static [Attribute]>,
    /// Whether to read consistently, which indexes cannot.
    pub consistent: bool,
}

/// Which rows of a partition are listed, and in which order.
#[derive(Debug, Clone, Copy, Default)]
pub enum By<'a> {
    /// All of them, by their sort keys.
    #[default]
    SortKey,
    /// Those in this facet, by their sort keys.
    Facet(&'a str),
    /// Those that have another order, by that. Bounds and cursors are texts of that order.
    Order,
}

/// The bounds of all sort keys that begin with the prefix.
pub fn beginning_with(prefix: &str) -> (String, String) {
    (prefix.to_owned(), format!("{prefix}{}", char::MAX))
}

impl Scope {
    /// Reads a page by one Query. `next_cursor` is the sort key at which the page ended; the page after it
    /// may be empty.
    pub async fn list(
        &self,
        partition: &Partition,
        listing: Listing<'_>,
    ) -> Result<Page<Row, SortKey>, StoreError> {
        let key = partition.key(&self.tenant);
        query(self.client(), self.table_name(), &key, listing).await
    }
}

/// Reads a page of the partition with this key by one Query.
pub(super) async fn query(
    client: &Client,
    table: &str,
    key: &str,
    listing: Listing<'_>,
) -> Result<Page<Row, SortKey>, StoreError> {
    let by = listing.by;
    let Some(request) = request(client.query().table_name(table), key, listing) else {
        return Ok(Page { items: Vec::new(), next_cursor: None });
    };
    let answer = request.send().await.map_err(StoreError::from_sdk)?;
    let next_cursor = answer.last_evaluated_key.map(|key| by.position(&Row(key))).transpose()?;
    let rows = answer.items.unwrap_or_default().into_iter().map(Row);
    // IAM checks the partition key of a write, but not the attribute of the index: a row of another partition may
    // claim to be in this facet.
    let is_facet = matches!(by, By::Facet(_));
    let items = rows.filter(|row| !is_facet || row.own_text(PK).is_ok_and(|pk| pk == key)).collect();
    Ok(Page { items, next_cursor })
}

/// The request of a page; `None` if nothing is left to list.
pub(super) fn request(
    request: QueryFluentBuilder,
    key: &str,
    listing: Listing<'_>,
) -> Option<QueryFluentBuilder> {
    let start = listing.start()?.map(|position| listing.by.key_at(key, &position));
    let (index, part, value, sort) = match listing.by {
        By::SortKey => (None, PK, key.to_owned(), SK),
        By::Facet(facet) => (Some(FACETS), FACET, facet_key(key, facet), SK),
        By::Order => (Some(ORDERED), PK, key.to_owned(), ORDER),
    };
    let Filter { expression, mut names, mut values } = listing.filter.unwrap_or_default();
    names.insert("#part".to_owned(), part.to_owned());
    values.insert(":part".to_owned(), AttributeValue::S(value));
    let condition = match listing.between {
        Some((least, most)) => {
            names.insert("#sort".to_owned(), sort.to_owned());
            values.insert(":least".to_owned(), AttributeValue::S(least));
            values.insert(":most".to_owned(), AttributeValue::S(most));
            "#part = :part AND #sort BETWEEN :least AND :most"
        }
        None => "#part = :part",
    };
    let request = request
        .set_index_name(index.map(str::to_owned))
        .key_condition_expression(condition)
        .set_filter_expression((!expression.is_empty()).then_some(expression))
        .set_expression_attribute_names(Some(names))
        .set_expression_attribute_values(Some(values))
        .set_projection_expression(listing.only.map(projection))
        .scan_index_forward(listing.ascending)
        .consistent_read(listing.consistent && index.is_none())
        .limit(i32::try_from(listing.limit).unwrap_or(i32::MAX))
        .set_exclusive_start_key(start);
    Some(request)
}

fn projection(only: &[Attribute]) -> String {
    let others = only.iter().map(|Attribute(name)| *name);
    [PK, SK, VERSION, DOCUMENT].into_iter().chain(others).collect::<Vec<_>>().join(", ")
}

/// A list by a facet, if there is one.
impl<'a> From<Option<&'a str>> for By<'a> {
    fn from(facet: Option<&'a str>) -> Self {
        facet.map_or(By::SortKey, By::Facet)
    }
}

impl By<'_> {
    /// Where the row stands in the list.
    pub(super) fn position(self, row: &Row) -> Result<SortKey, StoreError> {
        match self {
            By::SortKey | By::Facet(_) => row.sort_key(),
            By::Order => row.own_text(ORDER).map(SortKey::of),
        }
    }

    /// The key of a row at this position, as DynamoDB wants it to start behind it.
    fn key_at(self, partition: &str, position: &SortKey) -> Item {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let (sort, other) = match self {
            By::SortKey => (position.clone(), None),
            By::Facet(facet) => (position.clone(), Some((FACET, facet_key(partition, facet)))),
            By::Order => {
                let own = position.split_order().map_or(position.as_str(), |(_, key)| key);
                (SortKey::of(own), Some((ORDER, position.as_str().to_owned())))
            }
        };
        let other = other.map(|(name, value)| (name.to_owned(), text(&value)));
        item_key(partition, &sort).into_iter().chain(other).collect()
    }
}

impl Listing<'_> {
    /// The sort key after which the Query starts, which DynamoDB requires to be within the bounds. The outer
    /// `None` means that nothing is left to list.
    fn start(&self) -> Option<Option<SortKey>> {
        // DynamoDB refuses bounds whose least key is the greater one.
        if self.between.as_ref().is_some_and(|(least, most)| least > most) {
            return None;
        }
        let (Some(cursor), Some((least, most))) = (&self.cursor, &self.between) else {
            return Some(self.cursor.clone());
        };
        let (is_before, is_behind) = match self.ascending {
            true => (cursor.as_str() < least.as_str(), cursor.as_str() > most.as_str()),
            false => (cursor.as_str() > most.as_str(), cursor.as_str() < least.as_str()),
        };
        (!is_behind).then(|| self.cursor.clone().filter(|_| !is_before))
    }
}
