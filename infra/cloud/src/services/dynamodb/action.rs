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

    /// Whether it is so short, as a rule, that another thread would cost more than the wait: it concerns a few items, or a
    /// page of one partition.
    pub(super) fn is_short(self) -> bool {
        matches!(
            self,
            Action::PutItem
                | Action::GetItem
                | Action::UpdateItem
                | Action::DeleteItem
                | Action::Query
                | Action::TransactWriteItems
        )
    }

    /// Reads the request, so that the engine is not held meanwhile.
    pub(super) fn prepare(self, request: &Value) -> Result<Work, Failure> {
        match self {
            Action::PutItem => prepare(request, Engine::put_item),
            Action::GetItem => prepare(request, Engine::get_item),
            Action::UpdateItem => prepare(request, Engine::update_item),
            Action::DeleteItem => prepare(request, Engine::delete_item),
            Action::Query => prepare(request, Engine::query),
            Action::Scan => prepare(request, Engine::scan),
            Action::BatchGetItem => prepare(request, Engine::batch_get_item),
            Action::BatchWriteItem => prepare(request, Engine::batch_write_item),
            Action::TransactGetItems => prepare(request, Engine::transact_get_items),
            Action::TransactWriteItems => prepare(request, Engine::transact_write_items),
            Action::DescribeTable => prepare(request, Engine::describe_table),
            Action::DescribeTimeToLive => prepare(request, Engine::describe_time_to_live),
            Action::ListTables => prepare(request, Engine::list_tables),
        }
    }
}

/// What remains to be done with a request that has been read.
pub(super) type Work = Box<dyn FnOnce(&Engine) -> Result<Value, Failure> + Send>;

fn prepare<Q: DeserializeOwned + Send + 'static, A: Serialize + 'static>(
    request: &Value,
    act: fn(&Engine, Q) -> Result<A, DynoxideError>,
) -> Result<Work, Failure> {
    let request = Q::deserialize(request).map_err(|error| unreadable(&error.to_string()))?;
    Ok(Box::new(move |engine| {
        let answer = act(engine, request).map_err(|error| refused(&error))?;
        serde_json::to_value(answer).map_err(|error| Failure::internal(error.to_string()))
    }))
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
