//! How DynamoDB answers a request that meets another transaction. The engine never does, so only faults cause it.

use dynoxide::DynoxideError;
use dynoxide::errors::CancellationReason;

use super::action::{Action, refused};
use crate::services::failure::Failure;

const MESSAGE: &str = "Transaction is ongoing for the item";

/// `None` unless one of the items conflicts; `keys` are the partition keys of each item.
pub(super) fn answer(
    action: Action,
    keys: &[Vec<String>],
    conflicts: impl Fn(&str) -> bool,
) -> Option<Failure> {
    let items: Vec<bool> = keys.iter().map(|keys| keys.iter().any(|key| conflicts(key))).collect();
    if !items.contains(&true) {
        return None;
    }
    match action {
        Action::TransactWriteItems | Action::TransactGetItems => Some(cancelled(&items)),
        Action::PutItem | Action::UpdateItem | Action::DeleteItem => {
            let code = "com.amazonaws.dynamodb.v20120810#TransactionConflictException";
            Some(Failure::refused(code, MESSAGE))
        }
        _ => None,
    }
}

fn cancelled(items: &[bool]) -> Failure {
    let reasons: Vec<_> = items.iter().copied().map(reason).collect();
    let codes: Vec<&str> = reasons.iter().map(|reason| reason.code.as_str()).collect();
    let message = format!(
        "Transaction cancelled, please refer cancellation reasons for specific reasons [{}]",
        codes.join(", ")
    );
    refused(&DynoxideError::TransactionCanceledException(message, reasons))
}

fn reason(conflicts: bool) -> CancellationReason {
    let (code, message) =
        if conflicts { ("TransactionConflict", Some(MESSAGE.to_owned())) } else { ("None", None) };
    CancellationReason { code: code.to_owned(), message, item: None }
}
