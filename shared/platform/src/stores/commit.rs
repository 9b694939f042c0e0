//! A commit: writes that happen together or not at all, each on its condition.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{
    AttributeValue, CancellationReason, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};
use jiff::Timestamp;
use uuid::Uuid;

use crate::events::Actor;
use crate::runtime::backoff;
use crate::stores::keys::{FACET, PK, SK, facet_key};
use crate::stores::scope::Item;
use crate::stores::{Conflict, Receipt, StoreError, Version};

const COMMIT_ID: &str = "commitId";
const ATTEMPTS: u32 = 4;
/// Reasons to cancel a transaction that pass by themselves; the SDK does not retry them.
const CONTENDED: [&str; 3] = ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"];

/// Who gives a command, when, and what to remember beside its effect.
#[derive(Debug)]
pub struct CommandContext {
    pub(crate) actor: Actor,
    pub(crate) at: Timestamp,
    pub(crate) traceparent: Option<String>,
    /// The answer to repeat when the same idempotency key comes again.
    pub(crate) receipt: Option<Receipt>,
}

/// One item to write, and the condition on what is there before: the whole item, or some of its attributes.
#[derive(Debug, Clone)]
pub(crate) struct Write {
    table: String,
    key: Item,
    attributes: Item,
    /// Of an update alone: what is added to a number or a set, and what is taken from a set.
    added: Item,
    deleted: Item,
    is_update: bool,
    condition: Condition,
    conflict: Conflict,
}

#[derive(Debug, Clone)]
pub(crate) struct Condition {
    expression: &'static str,
    value: Option<(&'static str, AttributeValue)>,
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

    fn into_item(self) -> Item {
        self.key.into_iter().chain(self.attributes).collect()
    }
}

/// Carries the writes out: one alone costs half of what a transaction costs.
pub(crate) async fn commit(client: &Client, mut writes: Vec<Write>) -> Result<(), StoreError> {
    let commit_id = Uuid::new_v4().simple().to_string();
    for write in &mut writes {
        write.attributes.insert(COMMIT_ID.to_owned(), AttributeValue::S(commit_id.clone()));
    }
    match <[Write; 1]>::try_from(writes) {
        Ok([write]) if !write.is_update => put(client, write, &commit_id).await,
        Ok(update) => transact(client, update.into(), &commit_id).await,
        Err(writes) => transact(client, writes, &commit_id).await,
    }
}

async fn put(client: &Client, write: Write, commit_id: &str) -> Result<(), StoreError> {
    let (conflict, Condition { expression, value }) = (write.conflict, write.condition.clone());
    let outcome = client
        .put_item()
        .table_name(&write.table)
        .set_item(Some(write.into_item()))
        .condition_expression(expression)
        .set_expression_attribute_values(value.map(|(name, value)| [(name.to_owned(), value)].into()))
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
        .send()
        .await;
    match outcome {
        Ok(_) => Ok(()),
        Err(error) => match error.as_service_error() {
            Some(PutItemError::ConditionalCheckFailedException(failed))
                if is_ours(failed.item.as_ref(), commit_id) =>
            {
                Ok(())
            }
            Some(PutItemError::ConditionalCheckFailedException(_)) => Err(StoreError::Conflict(conflict)),
            Some(PutItemError::TransactionConflictException(_)) => {
                Err(StoreError::Conflict(Conflict::Contention))
            }
            _ => Err(StoreError::unavailable(error)),
        },
    }
}

async fn transact(client: &Client, writes: Vec<Write>, commit_id: &str) -> Result<(), StoreError> {
    let items = writes.iter().map(transact_item).collect::<Result<Vec<_>, _>>()?;
    for attempt in 0..ATTEMPTS {
        tokio::time::sleep(backoff(attempt)).await;
        let outcome = client.transact_write_items().set_transact_items(Some(items.clone())).send().await;
        let Err(error) = outcome else { return Ok(()) };
        let Some(TransactWriteItemsError::TransactionCanceledException(canceled)) = error.as_service_error()
        else {
            return Err(StoreError::unavailable(error));
        };
        match judge(canceled.cancellation_reasons(), &writes, commit_id) {
            Judgement::AlreadyDone => return Ok(()),
            Judgement::Lost(conflict) => return Err(StoreError::Conflict(conflict)),
            Judgement::Contended => {}
            Judgement::Other => return Err(StoreError::unavailable(error)),
        }
    }
    Err(StoreError::Conflict(Conflict::Contention))
}

fn transact_item(write: &Write) -> Result<TransactWriteItem, StoreError> {
    if write.is_update {
        return Ok(TransactWriteItem::builder().update(write.expressed()?).build());
    }
    let Condition { expression, value } = write.condition.clone();
    let put = Put::builder()
        .table_name(&write.table)
        .set_item(Some(write.clone().into_item()))
        .condition_expression(expression)
        .set_expression_attribute_values(value.map(|(name, value)| [(name.to_owned(), value)].into()))
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
        .build()
        .map_err(StoreError::corrupt)?;
    Ok(TransactWriteItem::builder().put(put).build())
}

impl Write {
    /// As an update: each attribute by a name of its own, for some are reserved words.
    fn expressed(&self) -> Result<Update, StoreError> {
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

#[derive(Debug, PartialEq)]
enum Judgement {
    AlreadyDone,
    Lost(Conflict),
    Contended,
    Other,
}

/// A failed condition whose item holds our own commit id is a success whose answer was lost.
fn judge(reasons: &[CancellationReason], writes: &[Write], commit_id: &str) -> Judgement {
    let failed = |code: &'static str| {
        reasons.iter().zip(writes).filter(move |(reason, _)| reason.code() == Some(code))
    };
    if failed("ConditionalCheckFailed").any(|(reason, _)| is_ours(reason.item.as_ref(), commit_id)) {
        Judgement::AlreadyDone
    } else if let Some((_, write)) = failed("ConditionalCheckFailed").next() {
        Judgement::Lost(write.conflict)
    } else if CONTENDED.into_iter().any(|code| failed(code).next().is_some()) {
        Judgement::Contended
    } else {
        Judgement::Other
    }
}

fn is_ours(old: Option<&Item>, commit_id: &str) -> bool {
    matches!(old.and_then(|item| item.get(COMMIT_ID)), Some(AttributeValue::S(id)) if id == commit_id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(conflict: Conflict) -> Write {
        Write::new("table", "pk".to_owned(), "sk", Condition::absent(), conflict)
    }

    fn reason(code: &str, commit_id: Option<&str>) -> CancellationReason {
        let item =
            commit_id.map(|id| HashMap::from([(COMMIT_ID.to_owned(), AttributeValue::S(id.to_owned()))]));
        CancellationReason::builder().code(code).set_item(item).build()
    }

    #[test]
    fn a_cancelled_transaction_is_judged_by_its_reasons() {
        let writes = [write(Conflict::Exists("slug")), write(Conflict::Version)];
        let (none, failed, contended) = ("None", "ConditionalCheckFailed", "TransactionConflict");
        for (first, second, judgement) in [
            (reason(failed, Some("other")), reason(none, None), Judgement::Lost(Conflict::Exists("slug"))),
            (reason(none, None), reason(failed, None), Judgement::Lost(Conflict::Version)),
            (reason(failed, Some("ours")), reason(failed, Some("ours")), Judgement::AlreadyDone),
            (reason(contended, None), reason(none, None), Judgement::Contended),
            (reason(none, None), reason("ThrottlingError", None), Judgement::Contended),
            (reason(none, None), reason("ValidationError", None), Judgement::Other),
        ] {
            assert_eq!(judge(&[first, second], &writes, "ours"), judgement);
        }
    }
}
