//! One item to write, and the condition on what is there before.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure, Update};
use jiff::Timestamp;

use crate::stores::keys::{FACET, PK, SK, facet_key};
use crate::stores::scope::Item;
use crate::stores::{Conflict, StoreError, Version};

/// One item to write, and the condition on what is there before: the whole item, or some of its attributes.
#[derive(Debug, Clone)]
pub(crate) struct Write {
    pub(super) table: String,
    key: Item,
    pub(super) attributes: Item,
    /// Of an update alone: what is added to a number or a set, and what is taken from a set.
    added: Item,
    deleted: Item,
    pub(super) is_update: bool,
    pub(super) condition: Condition,
    pub(super) conflict: Conflict,
}

#[derive(Debug, Clone)]
pub(crate) struct Condition {
    pub(super) expression: &'static str,
    pub(super) value: Option<(&'static str, AttributeValue)>,
}

impl Condition {
    pub(crate) fn absent() -> Self {
        Self { expression: "attribute_not_exists(pk)", value: None }
    }

    pub(crate) fn exists() -> Self {
        Self { expression: "attribute_exists(pk)", value: None }
    }

    /// The row that is there, if any, is of an older version.
    pub(crate) fn older_than(version: Version) -> Self {
        Self::with("attribute_not_exists(pk) OR version < :version", ":version", number(version))
    }

    /// What is there is of this version; version 0 is not there.
    pub(crate) fn at(version: Version) -> Self {
        match version {
            Version::NONE => Self::absent(),
            version => Self::with("version = :version", ":version", number(version)),
        }
    }

    pub(crate) fn absent_or_expired_at(now: Timestamp) -> Self {
        Self::with("attribute_not_exists(pk) OR expiresAt < :now", ":now", number(now.as_second()))
    }

    /// A condition of one context alone that compares with no value.
    pub(crate) fn that(expression: &'static str) -> Self {
        Self { expression, value: None }
    }

    /// A condition of one context alone; the value is what the expression calls by this name.
    pub(crate) fn with(expression: &'static str, name: &'static str, value: AttributeValue) -> Self {
        Self { expression, value: Some((name, value)) }
    }
}

fn number(value: impl ToString) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

impl Write {
    pub(crate) fn new(
        table: &str,
        pk: String,
        sk: impl Into<String>,
        condition: Condition,
        conflict: Conflict,
    ) -> Self {
        let key = HashMap::from([
            (PK.to_owned(), AttributeValue::S(pk)),
            (SK.to_owned(), AttributeValue::S(sk.into())),
        ]);
        Self {
            table: table.to_owned(),
            key,
            attributes: Item::new(),
            added: Item::new(),
            deleted: Item::new(),
            is_update: false,
            condition,
            conflict,
        }
    }

    /// Changes the named attributes and leaves the others; costs a transaction.
    pub(crate) fn update(mut self) -> Self {
        self.is_update = true;
        self
    }

    pub(crate) fn add_number(mut self, name: &str, value: i64) -> Self {
        self.added.insert(name.to_owned(), number(value));
        self
    }

    pub(crate) fn add_to_set(mut self, name: &str, value: impl ToString) -> Self {
        self.added.insert(name.to_owned(), AttributeValue::Ss(vec![value.to_string()]));
        self
    }

    pub(crate) fn delete_from_set(mut self, name: &str, value: impl ToString) -> Self {
        self.deleted.insert(name.to_owned(), AttributeValue::Ss(vec![value.to_string()]));
        self
    }

    /// Shows the item in this facet of its partition too, by the index.
    pub(crate) fn in_facet(self, facet: &str) -> Self {
        let listing = match self.key.get(PK) {
            Some(AttributeValue::S(partition)) => facet_key(partition, facet),
            _ => return self,
        };
        self.text(FACET, listing)
    }

    pub(crate) fn text(mut self, name: &str, value: impl Into<String>) -> Self {
        self.attributes.insert(name.to_owned(), AttributeValue::S(value.into()));
        self
    }

    pub(crate) fn number(mut self, name: &str, value: impl ToString) -> Self {
        self.attributes.insert(name.to_owned(), number(value));
        self
    }

    pub(crate) fn texts(mut self, name: &str, values: Vec<String>) -> Self {
        self.attributes.insert(name.to_owned(), AttributeValue::Ss(values));
        self
    }

    pub(super) fn into_item(self) -> Item {
        self.key.into_iter().chain(self.attributes).collect()
    }

    /// As an update: each attribute by a name of its own, for some are reserved words.
    pub(super) fn expressed(&self) -> Result<Update, StoreError> {
        let Condition { expression, value } = self.condition.clone();
        let mut values: Item = value.map(|(name, value)| (name.to_owned(), value)).into_iter().collect();
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
            .condition_expression(expression)
            .set_expression_attribute_names(Some(names))
            .set_expression_attribute_values(Some(values))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .map_err(StoreError::corrupt)
    }
}
