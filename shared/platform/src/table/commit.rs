//! Commits: conditional writes that take effect together or not at all.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{
    AttributeValue, CancellationReason, ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure,
    TransactWriteItem,
};
use jiff::Timestamp;
use uuid::Uuid;

use super::keys::COMMIT_ID;
use super::row::Item;
use super::write::{Operation, Write};
use super::{Conflict, Receipt, StoreError, pause};

/// Concurrent deliveries contend for one item: the counter of a user's unread notifications. The pauses
/// between this many attempts add up to 3.2 seconds at most, and to half of that on average.
const ATTEMPTS: u32 = 8;
/// Cancellation reasons of a transaction that are temporary. The SDK does not retry them.
const CONTENDED: [&str; 3] = ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"];
const CONTENTION: StoreError = StoreError::Conflict(Conflict::Contention);

/// What is known of a command's request, to be committed beside the command's effect.
pub struct CommandContext {
    pub(crate) at: Timestamp,
    pub(crate) traceparent: Option<String>,
    /// The reply for repetitions, if the request has an idempotency key.
    pub(crate) receipt: Option<Receipt>,
}

/// Commits the writes. A single put costs half of what it would cost in a transaction, and so does an update that adds to
/// nothing: DynamoDB knows a repeated transaction again, and would add twice by itself.
///
/// Each item gets a random commit id, by which a commit whose answer was lost is recognised when it is
/// repeated.
pub(crate) async fn commit(client: &Client, mut writes: Vec<Write>) -> Result<(), StoreError> {
    let commit_id = Uuid::new_v4().simple().to_string();
    for write in &mut writes {
        write.attributes.insert(COMMIT_ID.to_owned(), AttributeValue::S(commit_id.clone()));
    }
    match <[Write; 1]>::try_from(writes) {
        Ok([write]) if write.operation == Operation::Put => put(client, write, &commit_id).await,
        Ok([write]) if write.sets_alone() => update(client, &write, &commit_id).await,
        Ok(other) => transact(client, other.into(), &commit_id).await,
        Err(writes) => transact(client, writes, &commit_id).await,
    }
}

async fn put(client: &Client, write: Write, commit_id: &str) -> Result<(), StoreError> {
    let (conflict, condition) = (write.conflict, write.condition.clone());
    let outcome = client
        .put_item()
        .table_name(&write.table)
        .set_item(Some(write.into_item()))
        .condition_expression(condition.expression)
        .set_expression_attribute_values(condition.named_values())
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
        .send()
        .await;
    let Err(error) = outcome else { return Ok(()) };
    match error.as_service_error() {
        Some(PutItemError::ConditionalCheckFailedException(failed)) => {
            lost(failed.item.as_ref(), commit_id, conflict)
        }
        Some(PutItemError::TransactionConflictException(_)) => Err(CONTENTION),
        _ => Err(StoreError::from_sdk(error)),
    }
}

async fn update(client: &Client, write: &Write, commit_id: &str) -> Result<(), StoreError> {
    let expressed = write.expressed()?;
    let outcome = client
        .update_item()
        .table_name(expressed.table_name)
        .set_key(Some(expressed.key))
        .update_expression(expressed.update_expression)
        .set_condition_expression(expressed.condition_expression)
        .set_expression_attribute_names(expressed.expression_attribute_names)
        .set_expression_attribute_values(expressed.expression_attribute_values)
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
        .send()
        .await;
    let Err(error) = outcome else { return Ok(()) };
    match error.as_service_error() {
        Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
            lost(failed.item.as_ref(), commit_id, write.conflict)
        }
        Some(UpdateItemError::TransactionConflictException(_)) => Err(CONTENTION),
        _ => Err(StoreError::from_sdk(error)),
    }
}

/// The outcome of a single write whose condition has failed on this item.
fn lost(old: Option<&Item>, commit_id: &str, conflict: Conflict) -> Result<(), StoreError> {
    match is_ours(old, commit_id) {
        true => Ok(()),
        false => Err(StoreError::Conflict(conflict)),
    }
}

async fn transact(client: &Client, writes: Vec<Write>, commit_id: &str) -> Result<(), StoreError> {
    let items = writes.iter().map(transact_item).collect::<Result<Vec<_>, _>>()?;
    for attempt in 0..ATTEMPTS {
        pause(attempt).await;
        let outcome = client.transact_write_items().set_transact_items(Some(items.clone())).send().await;
        let Err(error) = outcome else { return Ok(()) };
        let Some(TransactWriteItemsError::TransactionCanceledException(canceled)) = error.as_service_error()
        else {
            return Err(StoreError::from_sdk(error));
        };
        match classify_cancellation(canceled.cancellation_reasons(), &writes, commit_id) {
            Cancellation::AlreadyDone => return Ok(()),
            Cancellation::Lost(conflict) => return Err(StoreError::Conflict(conflict)),
            Cancellation::Contended => {}
            Cancellation::Other => return Err(StoreError::from_sdk(error)),
        }
    }
    Err(CONTENTION)
}

fn transact_item(write: &Write) -> Result<TransactWriteItem, StoreError> {
    let item = TransactWriteItem::builder();
    Ok(match write.operation {
        Operation::Put => item.put(transacted_put(write).map_err(StoreError::corrupt)?),
        Operation::Update => item.update(write.expressed()?),
        Operation::Delete => item.delete(transacted_delete(write).map_err(StoreError::corrupt)?),
        Operation::Check => item.condition_check(transacted_check(write).map_err(StoreError::corrupt)?),
    }
    .build())
}

fn transacted_put(write: &Write) -> Result<Put, BuildError> {
    Put::builder()
        .table_name(&write.table)
        .set_item(Some(write.clone().into_item()))
        .condition_expression(write.condition.expression)
        .set_expression_attribute_values(write.condition.named_values())
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
        .build()
}

/// Of a deletion that was done, no item is left to tell that it was ours: its repetition finds a conflict.
fn transacted_delete(write: &Write) -> Result<Delete, BuildError> {
    Delete::builder()
        .table_name(&write.table)
        .set_key(Some(write.key().clone()))
        .condition_expression(write.condition.expression)
        .set_expression_attribute_values(write.condition.named_values())
        .build()
}

fn transacted_check(write: &Write) -> Result<ConditionCheck, BuildError> {
    ConditionCheck::builder()
        .table_name(&write.table)
        .set_key(Some(write.key().clone()))
        .condition_expression(write.condition.expression)
        .set_expression_attribute_values(write.condition.named_values())
        .build()
}

/// Why a transaction was cancelled.
#[derive(Debug, PartialEq)]
enum Cancellation {
    /// An earlier attempt has succeeded.
    AlreadyDone,
    Lost(Conflict),
    Contended,
    Other,
}

/// A failed condition on an item with our own commit id means that an earlier attempt succeeded and its
/// answer was lost.
fn classify_cancellation(reasons: &[CancellationReason], writes: &[Write], commit_id: &str) -> Cancellation {
    let failed = |code: &'static str| {
        reasons.iter().zip(writes).filter(move |(reason, _)| reason.code() == Some(code))
    };
    if failed("ConditionalCheckFailed").any(|(reason, _)| is_ours(reason.item.as_ref(), commit_id)) {
        Cancellation::AlreadyDone
    } else if let Some((_, write)) = failed("ConditionalCheckFailed").next() {
        Cancellation::Lost(write.conflict)
    } else if CONTENDED.into_iter().any(|code| failed(code).next().is_some()) {
        Cancellation::Contended
    } else {
        Cancellation::Other
    }
}

fn is_ours(old: Option<&Item>, commit_id: &str) -> bool {
    matches!(old.and_then(|item| item.get(COMMIT_ID)), Some(AttributeValue::S(id)) if id == commit_id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{Condition, SortKey};

    fn write(conflict: Conflict) -> Write {
        Write::new("table", "pk".to_owned(), &SortKey::SINGLE, Condition::absent(), conflict)
    }

    fn reason(code: &str, commit_id: Option<&str>) -> CancellationReason {
        let item = commit_id.map(|id| Item::from([(COMMIT_ID.to_owned(), AttributeValue::S(id.to_owned()))]));
        CancellationReason::builder().code(code).set_item(item).build()
    }

    #[test]
    fn a_cancelled_transaction_is_classified_by_its_reasons() {
        let writes = [write(Conflict::Exists("slug")), write(Conflict::Version)];
        let (none, failed, contended) = ("None", "ConditionalCheckFailed", "TransactionConflict");
        for (first, second, expected) in [
            (reason(failed, Some("other")), reason(none, None), Cancellation::Lost(Conflict::Exists("slug"))),
            (reason(none, None), reason(failed, None), Cancellation::Lost(Conflict::Version)),
            (reason(failed, Some("ours")), reason(failed, Some("ours")), Cancellation::AlreadyDone),
            (reason(contended, None), reason(none, None), Cancellation::Contended),
            (reason(none, None), reason("ThrottlingError", None), Cancellation::Contended),
            (reason(none, None), reason("ValidationError", None), Cancellation::Other),
        ] {
            assert_eq!(classify_cancellation(&[first, second], &writes, "ours"), expected);
        }
    }
}
