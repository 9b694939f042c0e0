//! Lists, of which each page is one Query.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;

use super::keys::{DOCUMENT, FACET, FACETS, PK, SK, VERSION, facet_key};
use super::row::Item;
use super::scope::item_key;
use super::{Attribute, Filter, Page, Partition, Row, Scope, SortKey, StoreError};

/// What to list of a partition: all of its rows, or those of one of its facets.
#[derive(Debug, Default)]
pub struct Listing<'a> {
    pub facet: Option<&'a str>,
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
    /// Whether to read consistently, which facets cannot.
    pub consistent: bool,
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
    let Some(cursor) = listing.start() else {
        return Ok(Page { items: Vec::new(), next_cursor: None });
    };
    let facet = listing.facet.map(|facet| facet_key(key, facet));
    let start = cursor.map(|sort| {
        let facet = facet.iter().map(|facet| (FACET.to_owned(), AttributeValue::S(facet.clone())));
        item_key(key, &sort).into_iter().chain(facet).collect()
    });
    let (condition, bounds) = match listing.between.clone() {
        Some(bounds) => ("#part = :part AND sk BETWEEN :least AND :most", Some(bounds)),
        None => ("#part = :part", None),
    };
    let bounds = bounds.into_iter().flat_map(|(least, most)| [(":least", least), (":most", most)]);
    let values = [(":part", facet.clone().unwrap_or_else(|| key.to_owned()))].into_iter().chain(bounds);
    let values = values.map(|(name, value)| (name.to_owned(), AttributeValue::S(value)));
    let (expression, names, filtered) = match listing.filter {
        Some(Filter { expression, names, values }) => (Some(expression), names, values),
        None => (None, HashMap::new(), Item::new()),
    };
    let part = ("#part".to_owned(), (if facet.is_some() { FACET } else { PK }).to_owned());
    let answer = client
        .query()
        .table_name(table)
        .set_index_name(facet.as_ref().map(|_| FACETS.to_owned()))
        .key_condition_expression(condition)
        .set_filter_expression(expression)
        .set_expression_attribute_names(Some(names.into_iter().chain([part]).collect()))
        .set_expression_attribute_values(Some(values.chain(filtered).collect()))
        .set_projection_expression(listing.only.map(projection))
        .scan_index_forward(listing.ascending)
        .consistent_read(listing.consistent && facet.is_none())
        .limit(i32::try_from(listing.limit).unwrap_or(i32::MAX))
        .set_exclusive_start_key(start)
        .send()
        .await
        .map_err(StoreError::from_sdk)?;
    let next_cursor = answer.last_evaluated_key.map(|key| Row(key).sort_key()).transpose()?;
    let rows = answer.items.unwrap_or_default().into_iter().map(Row);
    // IAM checks the partition key of a write, but not the attribute of the index: a row of another partition may
    // claim to be in this facet.
    let items = rows.filter(|row| facet.is_none() || row.own_text(PK).is_ok_and(|pk| pk == key)).collect();
    Ok(Page { items, next_cursor })
}

fn projection(only: &[Attribute]) -> String {
    let others = only.iter().map(|Attribute(name)| *name);
    [PK, SK, VERSION, DOCUMENT].into_iter().chain(others).collect::<Vec<_>>().join(", ")
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
