//! DynamoDB: the template's tables in an embedded engine, and what that engine does not do.

mod action;
mod conflict;
pub(crate) mod keys;
pub(crate) mod stream;
mod tables;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;

use dynoxide::Database as Engine;
use serde_json::{Value, json};
use tokio::sync::{Semaphore, watch};
use uuid::Uuid;

use self::action::{Action, Work};
use self::keys::Layout;
use self::stream::StreamStore;
use super::capacity::{CapacityLog, Consumed};
use super::credentials::Caller;
use super::failure::Failure;
use super::faults::{Effect, Faults};
use crate::model::Table;
use crate::storage::{Storage, TABLES, private_file};

#[derive(Debug, thiserror::Error)]
pub enum TableError {
    #[error("{table}: {reason}")]
    Refused { table: String, reason: String },
    #[error("the tables' file {path} cannot be opened: {source}")]
    File { path: PathBuf, source: std::io::Error },
    #[error("the tables cannot be opened: {0}")]
    Engine(#[from] dynoxide::DynoxideError),
    #[error("the tables' streams cannot be prepared: {0}")]
    Stream(#[from] rusqlite::Error),
}

pub(crate) struct DynamoDb {
    engine: Engine,
    /// The engine serves one call at a time, behind a lock that holds up threads. Who waits here holds up none. The sweep
    /// alone goes without, and steps aside from the lock between its pages: a short call may hold up its thread for one.
    turn: Arc<Semaphore>,
    layouts: HashMap<String, Layout>,
    written: watch::Sender<()>,
    streams: StreamStore,
}

impl DynamoDb {
    pub(crate) fn open(tables: &[Table], storage: &Storage) -> Result<DynamoDb, TableError> {
        let location = location(storage)?;
        let engine = Engine::new(&location)?;
        // The engine syncs every commit by default. This alone sets its connection to `synchronous=NORMAL`, as the
        // services' own database has it.
        engine.disable_bulk_loading()?;
        for table in tables {
            tables::ensure(&engine, table)?;
        }
        let turn = Arc::new(Semaphore::new(1));
        Ok(DynamoDb {
            streams: StreamStore::open(engine.clone(), Arc::clone(&turn), &location, storage)?,
            engine,
            turn,
            layouts: tables.iter().map(|table| (table.name.clone(), Layout::of(&table.create))).collect(),
            written: watch::Sender::new(()),
        })
    }

    /// By the names of the tables.
    pub(crate) fn layouts(&self) -> &HashMap<String, Layout> {
        &self.layouts
    }

    pub(crate) fn streams(&self) -> &StreamStore {
        &self.streams
    }

    /// A receiver that is notified of every write.
    pub(crate) fn written(&self) -> watch::Receiver<()> {
        self.written.subscribe()
    }

    /// Deletes expired items, as TTL does.
    pub(crate) async fn sweep(&self) {
        let (engine, written) = (self.engine.clone(), self.written.clone());
        let work = move || match engine.sweep_ttl() {
            Ok(0) => {}
            Ok(_) => written.send_replace(()),
            Err(error) => tracing::error!(%error, "expired items could not be deleted"),
        };
        if let Err(error) = tokio::task::spawn_blocking(work).await {
            tracing::error!(%error, "expired items could not be deleted");
        }
    }

    pub(crate) async fn call(
        &self,
        name: &str,
        request: &mut Value,
        caller: &Caller,
        faults: &Faults,
        capacity: &CapacityLog,
    ) -> Result<Value, Failure> {
        let action = action(name)?;
        if !request.is_object() {
            return Err(Failure::refused("SerializationException", "the body is not a JSON object"));
        }
        let keys = || keys::partition_keys(request, &self.layouts);
        let aftermath = faults.meet(name, || keys().concat()).await?;
        if !aftermath.is_none()
            && let Some(conflict) =
                conflict::answer(action, &keys(), |key| aftermath.strikes(Effect::Conflict, key))
        {
            return aftermath.of(Err(conflict));
        }
        let asked = ask_for_capacity(request, action);
        let mut answer = self.run(action, request).await;
        if let Ok(answer) = &mut answer {
            if action.consumes() {
                consumed(action, name, caller, answer).for_each(|consumed| capacity.record(consumed));
            }
            if !asked && let Some(fields) = answer.as_object_mut() {
                fields.remove("ConsumedCapacity");
            }
        }
        aftermath.of(answer)
    }

    /// For this process itself: no fault applies, and nothing is recorded.
    pub(crate) async fn administer(&self, name: &str, request: Value) -> Result<Value, Failure> {
        self.run(action(name)?, &request).await
    }

    async fn run(&self, action: Action, request: &Value) -> Result<Value, Failure> {
        self.carry_out(action, action.prepare(request)?).await
    }

    async fn carry_out(&self, action: Action, work: Work) -> Result<Value, Failure> {
        let (engine, written) = (self.engine.clone(), self.written.clone());
        let Ok(turn) = Arc::clone(&self.turn).acquire_owned().await else {
            return Err(Failure::internal("the tables are closed"));
        };
        // Announces its write itself, since it goes on when the caller goes away.
        let work = move || {
            let answer = work(&engine);
            if action.writes() {
                written.send_replace(());
            }
            drop(turn);
            answer
        };
        if action.is_short() {
            let done = catch_unwind(AssertUnwindSafe(work));
            return done.unwrap_or_else(|_| Err(Failure::internal("the engine of the tables panicked")));
        }
        match tokio::task::spawn_blocking(work).await {
            Ok(answer) => answer,
            Err(error) => Err(Failure::internal(error.to_string())),
        }
    }
}

fn action(name: &str) -> Result<Action, Failure> {
    Action::named(name).ok_or_else(|| {
        Failure::refused("UnknownOperationException", format!("dynamodb:{name} is not served here"))
    })
}

/// A file, or a named in-memory database that a second connection of this process can open.
fn location(storage: &Storage) -> Result<String, TableError> {
    match storage {
        Storage::Memory => Ok(format!("file:tables-{}?mode=memory&cache=shared", Uuid::new_v4())),
        Storage::Directory(directory) => {
            let path = directory.join(TABLES);
            private_file(&path).map_err(|source| TableError::File { path: path.clone(), source })?;
            Ok(path.to_string_lossy().into_owned())
        }
    }
}

/// Requests the consumed capacity in any case; returns whether the caller has asked for it.
fn ask_for_capacity(request: &mut Value, action: Action) -> bool {
    let asked = matches!(request["ReturnConsumedCapacity"].as_str(), Some("TOTAL" | "INDEXES"));
    let silent = matches!(request["ReturnConsumedCapacity"], Value::Null)
        || request["ReturnConsumedCapacity"] == "NONE";
    if action.consumes() && silent {
        request["ReturnConsumedCapacity"] = json!("TOTAL");
    }
    asked
}

/// One for each table that the call has used.
fn consumed<'c>(
    action: Action,
    name: &'c str,
    caller: &'c Caller,
    answer: &'c Value,
) -> impl Iterator<Item = Consumed> + 'c {
    let tables = match &answer["ConsumedCapacity"] {
        Value::Array(tables) => tables.as_slice(),
        table => std::slice::from_ref(table),
    };
    tables.iter().map(move |used| {
        let units = used["CapacityUnits"].as_f64().unwrap_or(0.0);
        let (read_units, write_units) = if action.writes() { (0.0, units) } else { (units, 0.0) };
        let table = used["TableName"].as_str().unwrap_or_default().to_owned();
        Consumed {
            function: caller.origin.to_string(),
            action: name.to_owned(),
            table,
            read_units,
            write_units,
        }
    })
}
