//! Lists: one Query for a page.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::stores::keys::{FACET, FACETS, PK, Partition, SK, facet_key};
use crate::stores::scope::{Item, text};
use crate::stores::{Page, Scope, StoreError};

/// A page of one partition, or of one facet of it.
#[derive(Debug, Default)]
pub(crate) struct Listing<'a> {
    pub(crate) facet: Option<&'a str>,
    /// The least and the greatest sort key.
    pub(crate) between: Option<(String, String)>,
    /// From the least sort key up; else from the greatest down.
    pub(crate) ascending: bool,
    /// The sort key that the page before ended with.
    pub(crate) after: Option<String>,
    pub(crate) limit: usize,
    /// The attributes to bring along; else all.
    pub(crate) only: Option<&'static str>,
    /// Facets are never consistent.
    pub(crate) consistent: bool,
}

/// All sort keys that begin with the prefix.
pub(crate) fn beginning_with(prefix: &str) -> (String, String) {
    (prefix.to_owned(), format!("{prefix}{}", char::MAX))
}

impl Scope {
    /// One Query; `next_cursor` is the sort key that the page ends with.
    pub(crate) async fn list(
        &self,
        partition: &Partition<'_>,
        listing: Listing<'_>,
    ) -> Result<Page<Item, String>, StoreError> {
        let Some(after) = listing.start() else {
            return Ok(Page { items: Vec::new(), next_cursor: None });
        };
        let key = partition.key(self.tenant());
        let facet = listing.facet.map(|facet| facet_key(&key, facet));
        let start = after.map(|sort| {
            let facet = facet.iter().map(|facet| (FACET.to_owned(), AttributeValue::S(facet.clone())));
            self.key(partition, &sort).into_iter().chain(facet).collect()
        });
        let (condition, bounds) = match listing.between {
            Some(bounds) => ("#part = :part AND sk BETWEEN :least AND :most", Some(bounds)),
            None => ("#part = :part", None),
        };
        let bounds = bounds.into_iter().flat_map(|(least, most)| [(":least", least), (":most", most)]);
        let values = [(":part", facet.clone().unwrap_or(key))].into_iter().chain(bounds);
        let answer = self
            .client()
            .await?
            .query()
            .table_name(self.table())
            .set_index_name(facet.as_ref().map(|_| FACETS.to_owned()))
            .key_condition_expression(condition)
            .expression_attribute_names("#part", if facet.is_some() { FACET } else { PK })
            .set_expression_attribute_values(Some(
                values.map(|(name, value)| (name.to_owned(), AttributeValue::S(value))).collect(),
            ))
            .set_projection_expression(listing.only.map(str::to_owned))
            .scan_index_forward(listing.ascending)
            .consistent_read(listing.consistent && facet.is_none())
            .limit(i32::try_from(listing.limit).unwrap_or(i32::MAX))
            .set_exclusive_start_key(start)
            .send()
            .await
            .map_err(StoreError::unavailable)?;
        let next_cursor = match answer.last_evaluated_key {
            Some(key) => Some(text(&key, SK)?.to_owned()),
            None => None,
        };
        Ok(Page { items: answer.items.unwrap_or_default(), next_cursor })
    }
}

impl Listing<'_> {
    /// Where the Query starts, which DynamoDB wants within the bounds. None when nothing is left to list.
    fn start(&self) -> Option<Option<String>> {
        // DynamoDB refuses bounds that are crossed.
        if self.between.as_ref().is_some_and(|(least, most)| least > most) {
            return None;
        }
        let (Some(after), Some((least, most))) = (&self.after, &self.between) else {
            return Some(self.after.clone());
        };
        let (is_before, is_behind) = match self.ascending {
            true => (after < least, after > most),
            false => (after > most, after < least),
        };
        (!is_behind).then(|| self.after.clone().filter(|_| !is_before))
    }
}
