//! A commit: writes that happen together or not at all, each on its condition.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{
    AttributeValue, CancellationReason, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem,
};
use jiff::Timestamp;
use uuid::Uuid;

use crate::events::Actor;
use crate::runtime::backoff;
use crate::stores::keys::{PK, SK};
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

/// One item to put, and the condition on what is there before.
#[derive(Debug, Clone)]
pub(crate) struct Write {
    table: String,
    item: HashMap<String, AttributeValue>,
    condition: Condition,
    conflict: Conflict,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Condition {
    Absent,
    /// The row that is there, if any, is of an older version.
    OlderThan(Version),
    AbsentOrExpiredAt(Timestamp),
}

impl Write {
    pub(crate) fn new(
        table: &str,
        pk: String,
        sk: impl Into<String>,
        condition: Condition,
        conflict: Conflict,
    ) -> Self {
        let item = HashMap::from([
            (PK.to_owned(), AttributeValue::S(pk)),
            (SK.to_owned(), AttributeValue::S(sk.into())),
        ]);
        Self { table: table.to_owned(), item, condition, conflict }
    }

    pub(crate) fn text(mut self, name: &str, value: impl Into<String>) -> Self {
        self.item.insert(name.to_owned(), AttributeValue::S(value.into()));
        self
    }

    pub(crate) fn number(mut self, name: &str, value: impl ToString) -> Self {
        self.item.insert(name.to_owned(), AttributeValue::N(value.to_string()));
        self
    }

    pub(crate) fn texts(mut self, name: &str, values: Vec<String>) -> Self {
        self.item.insert(name.to_owned(), AttributeValue::Ss(values));
        self
    }

    fn condition(&self) -> (&'static str, Option<(String, AttributeValue)>) {
        let number = |name: &str, value: String| Some((name.to_owned(), AttributeValue::N(value)));
        match self.condition {
            Condition::Absent => ("attribute_not_exists(pk)", None),
            Condition::OlderThan(version) => {
                ("attribute_not_exists(pk) OR version < :version", number(":version", version.to_string()))
            }
            Condition::AbsentOrExpiredAt(now) => {
                ("attribute_not_exists(pk) OR expiresAt < :now", number(":now", now.as_second().to_string()))
            }
        }
    }
}

/// Carries the writes out: one alone costs half of what a transaction costs.
pub(crate) async fn commit(client: &Client, mut writes: Vec<Write>) -> Result<(), StoreError> {
    let commit_id = Uuid::new_v4().simple().to_string();
    for write in &mut writes {
        write.item.insert(COMMIT_ID.to_owned(), AttributeValue::S(commit_id.clone()));
    }
    match <[Write; 1]>::try_from(writes) {
        Ok([write]) => put(client, write, &commit_id).await,
        Err(writes) => transact(client, writes, &commit_id).await,
    }
}

async fn put(client: &Client, write: Write, commit_id: &str) -> Result<(), StoreError> {
    let (condition, value) = write.condition();
    let outcome = client
        .put_item()
        .table_name(&write.table)
        .set_item(Some(write.item))
        .condition_expression(condition)
        .set_expression_attribute_values(value.map(|value| HashMap::from([value])))
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
            Some(PutItemError::ConditionalCheckFailedException(_)) => {
                Err(StoreError::Conflict(write.conflict))
            }
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
    let (condition, value) = write.condition();
    let put = Put::builder()
        .table_name(&write.table)
        .set_item(Some(write.item.clone()))
        .condition_expression(condition)
        .set_expression_attribute_values(value.map(|value| HashMap::from([value])))
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
        .build()
        .map_err(StoreError::corrupt)?;
    Ok(TransactWriteItem::builder().put(put).build())
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

fn is_ours(old: Option<&HashMap<String, AttributeValue>>, commit_id: &str) -> bool {
    matches!(old.and_then(|item| item.get(COMMIT_ID)), Some(AttributeValue::S(id)) if id == commit_id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(conflict: Conflict) -> Write {
        Write::new("table", "pk".to_owned(), "sk", Condition::Absent, conflict)
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
