//! The actions that functions may call, each handed to the engine.

use dynoxide::{Database as Engine, DynoxideError};
use http::StatusCode;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::services::failure::Failure;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    PutItem,
    GetItem,
    UpdateItem,
    DeleteItem,
    Query,
    Scan,
    BatchGetItem,
    BatchWriteItem,
    TransactGetItems,
    TransactWriteItems,
    DescribeTable,
    DescribeTimeToLive,
    ListTables,
}

impl Action {
    pub(super) fn named(name: &str) -> Option<Action> {
        Some(match name {
            "PutItem" => Action::PutItem,
            "GetItem" => Action::GetItem,
            "UpdateItem" => Action::UpdateItem,
            "DeleteItem" => Action::DeleteItem,
            "Query" => Action::Query,
            "Scan" => Action::Scan,
            "BatchGetItem" => Action::BatchGetItem,
            "BatchWriteItem" => Action::BatchWriteItem,
            "TransactGetItems" => Action::TransactGetItems,
            "TransactWriteItems" => Action::TransactWriteItems,
            "DescribeTable" => Action::DescribeTable,
            "DescribeTimeToLive" => Action::DescribeTimeToLive,
            "ListTables" => Action::ListTables,
            _ => return None,
        })
    }

    pub(super) fn writes(self) -> bool {
        matches!(
            self,
            Action::PutItem
                | Action::UpdateItem
                | Action::DeleteItem
                | Action::BatchWriteItem
                | Action::TransactWriteItems
        )
    }

    pub(super) fn consumes(self) -> bool {
        !matches!(self, Action::DescribeTable | Action::DescribeTimeToLive | Action::ListTables)
    }

    pub(super) fn run(self, engine: &Engine, request: Value) -> Result<Value, Failure> {
        match self {
            Action::PutItem => run(request, |request| engine.put_item(request)),
            Action::GetItem => run(request, |request| engine.get_item(request)),
            Action::UpdateItem => run(request, |request| engine.update_item(request)),
            Action::DeleteItem => run(request, |request| engine.delete_item(request)),
            Action::Query => run(request, |request| engine.query(request)),
            Action::Scan => run(request, |request| engine.scan(request)),
            Action::BatchGetItem => run(request, |request| engine.batch_get_item(request)),
            Action::BatchWriteItem => run(request, |request| engine.batch_write_item(request)),
            Action::TransactGetItems => run(request, |request| engine.transact_get_items(request)),
            Action::TransactWriteItems => run(request, |request| engine.transact_write_items(request)),
            Action::DescribeTable => run(request, |request| engine.describe_table(request)),
            Action::DescribeTimeToLive => run(request, |request| engine.describe_time_to_live(request)),
            Action::ListTables => run(request, |request| engine.list_tables(request)),
        }
    }
}

fn run<Q: DeserializeOwned, A: Serialize>(
    request: Value,
    act: impl FnOnce(Q) -> Result<A, DynoxideError>,
) -> Result<Value, Failure> {
    let request = serde_json::from_value(request).map_err(|error| unreadable(&error.to_string()))?;
    let answer = act(request).map_err(|error| refused(&error))?;
    serde_json::to_value(answer).map_err(|error| Failure::internal(error.to_string()))
}

/// The engine's message begins with the class of the request's error.
fn unreadable(message: &str) -> Failure {
    for (mark, code) in [
        ("SERIALIZATION_AS_READ:", "SerializationException"),
        ("SERIALIZATION:", "SerializationException"),
        ("VALIDATION_AS_READ:", "ValidationException"),
        ("VALIDATION_REQUEST:", "ValidationException"),
        ("VALIDATION:", "ValidationException"),
    ] {
        if let Some(rest) = message.strip_prefix(mark) {
            return Failure::refused(code, rest);
        }
    }
    let incomplete = ["missing field", "unknown variant", "invalid type: null", "AttributeValue"];
    let code = if incomplete.iter().any(|part| message.contains(part)) {
        "ValidationException"
    } else {
        "SerializationException"
    };
    Failure::refused(code, message)
}

pub(super) fn refused(error: &DynoxideError) -> Failure {
    let status = StatusCode::from_u16(error.status_code()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    Failure::Written { status, body: error.to_json() }
}
