//! Conditional writes of one item.

use std::collections::HashMap;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure, Update};
use serde::Serialize;

use domain::Version;

use super::keys::{DOCUMENT, FACET, ORDER, PK, SK, VERSION, facet_key, looks_like_a_commit};
use super::row::Item;
use super::{Attribute, Condition, Conflict, OPERATORS_AUDIT, SortKey, StoreError};

/// What a [`Write`] does when its condition holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    Put,
    Update,
    Delete,
    /// Nothing: other writes of the transaction depend on the condition.
    Check,
}

/// A conditional write of one item: a put of the whole item, or an update of some of its attributes.
#[derive(Clone)]
pub struct Write {
    pub(super) table: String,
    key: Item,
    pub(super) attributes: Item,
    /// For updates alone: what is added to numbers and sets, and what is deleted from sets.
    added: Item,
    deleted: Item,
    pub(super) operation: Operation,
    /// Whether the log has made this write.
    is_commit: bool,
    pub(super) condition: Condition,
    pub(super) conflict: Conflict,
}

fn number(value: impl ToString) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

impl Write {
    /// A write of a document to the registry, whose table has other partitions.
    pub(crate) fn in_registry(
        table: &str,
        (pk, sk): (String, &SortKey),
        condition: Condition,
        conflict: Conflict,
        document: &impl Serialize,
    ) -> Result<Self, StoreError> {
        let document = serde_json::to_string(document).map_err(StoreError::corrupt)?;
        Ok(Self::new(table, pk, sk, condition, conflict).own_text(DOCUMENT, document))
    }

    pub(super) fn new(
        table: &str,
        pk: String,
        sk: &SortKey,
        condition: Condition,
        conflict: Conflict,
    ) -> Self {
        let key = HashMap::from([
            (PK.to_owned(), AttributeValue::S(pk)),
            (SK.to_owned(), AttributeValue::S(sk.as_str().to_owned())),
        ]);
        Self {
            table: table.to_owned(),
            key,
            attributes: Item::new(),
            added: Item::new(),
            deleted: Item::new(),
            operation: Operation::Put,
            is_commit: false,
            condition,
            conflict,
        }
    }

    /// Sets the conflict that is reported when the condition fails.
    pub fn refusing(mut self, conflict: Conflict) -> Self {
        self.conflict = conflict;
        self
    }

    pub(super) fn made_by_the_log(mut self) -> Self {
        self.is_commit = true;
        self
    }

    pub(super) fn key(&self) -> &Item {
        &self.key
    }

    /// Whether this is an update that can be repeated.
    pub(super) fn sets_alone(&self) -> bool {
        self.operation == Operation::Update && self.added.is_empty() && self.deleted.is_empty()
    }

    pub(super) fn is_in(&self, partitions: &str) -> bool {
        matches!(self.key.get(PK), Some(AttributeValue::S(pk)) if pk.starts_with(partitions))
    }

    /// Whether the relay would publish this row as a commit, although the log has not made it.
    pub(super) fn forges_commit(&self) -> bool {
        let looks = matches!(self.key.get(SK), Some(AttributeValue::S(sk)) if looks_like_a_commit(sk));
        looks && !self.is_commit
    }

    /// Sets the version of what is written.
    pub fn at_version(self, version: Version) -> Self {
        self.own_number(VERSION, version)
    }

    /// Sets the version and the document of what is written.
    pub(super) fn with_document(self, version: Version, document: String) -> Self {
        self.at_version(version).own_text(DOCUMENT, document)
    }

    /// Whether this is a row of the operators' audit.
    pub(super) fn is_audit_of_operators(&self) -> bool {
        matches!(self.key.get(PK), Some(AttributeValue::S(pk)) if pk == OPERATORS_AUDIT)
    }

    /// Makes this an update, which leaves other attributes alone. One that adds to something is always committed in a
    /// transaction, at twice the cost of a put.
    pub fn update(mut self) -> Self {
        self.operation = Operation::Update;
        self
    }

    /// Makes this a put of the whole item, on another condition.
    pub(crate) fn put_if(mut self, condition: Condition, conflict: Conflict) -> Self {
        self.operation = Operation::Put;
        self.condition = condition;
        self.refusing(conflict)
    }

    /// Makes this a deletion of the item. It is always committed in a transaction.
    pub(crate) fn delete(mut self) -> Self {
        self.operation = Operation::Delete;
        self
    }

    /// Makes this a mere check, on which the other writes of a transaction depend.
    pub(crate) fn check(mut self) -> Self {
        self.operation = Operation::Check;
        self
    }

    /// Adds to a number, which is 0 if it is missing. For updates only.
    pub fn add_number(mut self, Attribute(name): Attribute, value: i64) -> Self {
        self.added.insert(name.to_owned(), number(value));
        self
    }

    /// Adds a text to a set. For updates only.
    pub fn add_to_set(mut self, Attribute(name): Attribute, value: impl ToString) -> Self {
        self.added.insert(name.to_owned(), AttributeValue::Ss(vec![value.to_string()]));
        self
    }

    /// Deletes a text from a set. For updates only.
    pub fn delete_from_set(mut self, Attribute(name): Attribute, value: impl ToString) -> Self {
        self.deleted.insert(name.to_owned(), AttributeValue::Ss(vec![value.to_string()]));
        self
    }

    /// Lists the item in this facet of its partition as well.
    pub fn in_facet(self, facet: &str) -> Self {
        let listing = match self.key.get(PK) {
            Some(AttributeValue::S(partition)) => facet_key(partition, facet),
            _ => return self,
        };
        self.own_text(FACET, listing)
    }

    /// Gives the item a place in the other order of its partition, in which it stands by this text.
    pub fn in_order(self, order: &str) -> Self {
        let place = match self.key.get(SK) {
            Some(AttributeValue::S(sort_key)) => SortKey::in_order(order, sort_key),
            _ => return self,
        };
        self.own_text(ORDER, place.as_str())
    }

    /// Sets an attribute to a text.
    pub fn text(self, Attribute(name): Attribute, value: impl Into<String>) -> Self {
        self.own_text(name, value)
    }

    /// Sets an attribute to a number.
    pub fn number(self, Attribute(name): Attribute, value: i64) -> Self {
        self.own_number(name, value)
    }

    pub(super) fn own_text(mut self, name: &str, value: impl Into<String>) -> Self {
        self.attributes.insert(name.to_owned(), AttributeValue::S(value.into()));
        self
    }

    pub(super) fn own_bytes(mut self, name: &str, value: Vec<u8>) -> Self {
        self.attributes.insert(name.to_owned(), AttributeValue::B(Blob::new(value)));
        self
    }

    pub(super) fn own_number(mut self, name: &str, value: impl ToString) -> Self {
        self.attributes.insert(name.to_owned(), number(value));
        self
    }

    /// Sets an attribute to a set of texts.
    pub fn texts(mut self, Attribute(name): Attribute, values: Vec<String>) -> Self {
        self.attributes.insert(name.to_owned(), AttributeValue::Ss(values));
        self
    }

    pub(super) fn into_item(self) -> Item {
        self.attributes.into_iter().chain(self.key).collect()
    }

    /// The write as an update. Attributes are named by placeholders, since some names are reserved words.
    pub(super) fn expressed(&self) -> Result<Update, StoreError> {
        let mut values: Item = self.condition.named_values().unwrap_or_default();
        let mut names = HashMap::new();
        let mut clauses = Vec::new();
        for (verb, sign, attributes) in
            [("SET", " =", &self.attributes), ("ADD", "", &self.added), ("DELETE", "", &self.deleted)]
        {
            let changes: Vec<String> = attributes
                .iter()
                .map(|(name, value)| {
                    names.insert(format!("#{name}"), name.clone());
                    values.insert(format!(":new_{name}"), value.clone());
                    format!("#{name}{sign} :new_{name}")
                })
                .collect();
            if !changes.is_empty() {
                clauses.push(format!("{verb} {}", changes.join(", ")));
            }
        }
        Update::builder()
            .table_name(&self.table)
            .set_key(Some(self.key.clone()))
            .update_expression(clauses.join(" "))
            .condition_expression(self.condition.expression)
            .set_expression_attribute_names(Some(names))
            .set_expression_attribute_values(Some(values))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .map_err(StoreError::corrupt)
    }
}
