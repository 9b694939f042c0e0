//! Steps of several callers in one commit, of which each may fail without the others.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::{DatabaseError, lock};

/// Does its work, and returns what has to be told of the commit.
pub(super) type Step = Box<dyn FnOnce(&mut Common<'_>) -> Finish + Send>;
type Finish = Box<dyn FnOnce(Result<(), Arc<rusqlite::Error>>)>;

pub(super) fn step<T: 'static>(
    work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    tell: impl FnOnce(Result<T, DatabaseError>) + Send + 'static,
) -> Step {
    Box::new(move |common| {
        let done = common.run(work);
        Box::new(move |committed| {
            tell(done.and_then(|value| committed.map(|()| value).map_err(DatabaseError::Commit)));
        })
    })
}

/// Every step is told what became of it, also when the transaction cannot begin.
pub(super) fn commit(connection: &Mutex<Connection>, steps: Vec<Step>) {
    let mut locked = lock(connection);
    let mut common = Common::begin(&mut locked);
    let finishes: Vec<_> = steps.into_iter().map(|step| step(&mut common)).collect();
    let committed = common.commit();
    drop(locked);
    for finish in finishes {
        // One that panics must not keep the others from being told.
        let _ = catch_unwind(AssertUnwindSafe(|| finish(committed.clone())));
    }
}

/// The transaction of all steps, or why there is none any more.
pub(super) struct Common<'c>(Result<Transaction<'c>, Arc<rusqlite::Error>>);

impl<'c> Common<'c> {
    fn begin(connection: &'c mut Connection) -> Common<'c> {
        Common(connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(Arc::new))
    }

    /// Undoes the work if it fails, and leaves what others have done.
    fn run<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, DatabaseError> {
        let transaction = self.0.as_ref().map_err(|error| DatabaseError::Commit(Arc::clone(error)))?;
        apart(transaction, work).unwrap_or_else(|error| {
            let error = Arc::new(error);
            self.0 = Err(Arc::clone(&error));
            Err(DatabaseError::Commit(error))
        })
    }

    fn commit(self) -> Result<(), Arc<rusqlite::Error>> {
        self.0?.commit().map_err(Arc::new)
    }
}

/// What came of the work, or an error that ends the whole transaction: SQLite itself rolls one back when the disk is
/// full or fails, and after that each statement would be a transaction of its own.
fn apart<T>(
    transaction: &Transaction<'_>,
    work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Result<T, DatabaseError>> {
    let run = |sql| transaction.prepare_cached(sql)?.execute([]);
    run("SAVEPOINT step")?;
    let failed = match catch_unwind(AssertUnwindSafe(|| work(transaction))) {
        Ok(Ok(value)) => {
            run("RELEASE step")?;
            return Ok(Ok(value));
        }
        Ok(Err(error)) if transaction.is_autocommit() => return Err(error),
        Ok(Err(error)) => error.into(),
        Err(_) => DatabaseError::Panic,
    };
    run("ROLLBACK TO step")?;
    run("RELEASE step")?;
    Ok(Err(failed))
}
