use std::io;
use std::path::Path;
use std::sync::mpsc;

use futures::future::join_all;
use rusqlite::{ErrorCode, OpenFlags};
use tempfile::TempDir;

use super::*;

const PATIENCE: Duration = Duration::from_secs(20);

fn database() -> (TempDir, Database) {
    let directory = tempfile::tempdir().unwrap();
    let database = Database::open(&Storage::Directory(directory.path().into())).unwrap();
    (directory, database)
}

fn save(transaction: &Transaction<'_>, source: &str) -> rusqlite::Result<()> {
    transaction.execute("INSERT INTO checkpoints (source, sequence) VALUES (?1, 1)", [source]).map(drop)
}

/// What another connection sees, which is what was committed.
fn committed(directory: &Path) -> Vec<String> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let connection = Connection::open_with_flags(directory.join("cloud.sqlite"), flags).unwrap();
    let mut all = connection.prepare("SELECT source FROM checkpoints ORDER BY source").unwrap();
    all.query_map([], |row| row.get(0)).unwrap().collect::<rusqlite::Result<_>>().unwrap()
}

type Work<T> = Box<dyn FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send>;

/// Runs these beside each other. They arrive while another transaction is being written.
async fn crowded<T: Send + 'static>(
    database: &Database,
    works: Vec<Work<T>>,
) -> Vec<Result<T, DatabaseError>> {
    let (go, gate) = mpsc::channel::<()>();
    let (start, started) = oneshot::channel();
    let first = database.transaction(move |_| {
        let _ = start.send(());
        Ok(gate.recv().is_err())
    });
    let rest = async {
        started.await.unwrap();
        let mut rest = join_all(works.into_iter().map(|work| database.transaction(work)));
        assert!(futures::poll!(&mut rest).is_pending());
        drop(go);
        rest.await
    };
    let (first, rest) = futures::join!(first, rest);
    assert!(first.unwrap());
    rest
}

#[tokio::test]
async fn transactions_that_arrive_during_another_share_a_commit() {
    let (directory, database) = database();
    let path = directory.path().to_owned();
    let seen = crowded(
        &database,
        vec![
            Box::new(|transaction| save(transaction, "a").map(|()| Vec::new())),
            Box::new(move |_| Ok(committed(&path))),
        ],
    )
    .await;
    let seen: Vec<_> = seen.into_iter().map(Result::unwrap).collect();
    assert_eq!(seen, [Vec::<String>::new(), Vec::new()]);
    assert_eq!(committed(directory.path()), ["a"]);
}

#[tokio::test]
async fn one_that_fails_undoes_its_own_work_alone() {
    let (directory, database) = database();
    let fails = |transaction: &Transaction<'_>| {
        save(transaction, "b")?;
        save(transaction, "b")
    };
    let done = crowded(
        &database,
        vec![
            Box::new(|transaction| save(transaction, "a")),
            Box::new(fails),
            Box::new(|transaction| save(transaction, "c")),
        ],
    )
    .await;
    assert!(matches!(&done[..], [Ok(()), Err(DatabaseError::Sqlite(_)), Ok(())]), "{done:?}");
    assert_eq!(committed(directory.path()), ["a", "c"]);
}

#[tokio::test]
async fn who_has_an_answer_has_a_commit() {
    let (directory, database) = database();
    let path = directory.path().to_owned();
    let (tell, told) = mpsc::channel();
    let then = move |(): &()| tell.send(committed(&path)).unwrap();
    database.transaction_then(|transaction| save(transaction, "a"), then).await.unwrap();
    assert_eq!(told.recv().unwrap(), ["a"]);
}

#[tokio::test]
async fn one_that_panics_undoes_its_own_work_alone() {
    let (directory, database) = database();
    let panics = |transaction: &Transaction<'_>| {
        save(transaction, "b")?;
        panic!("on purpose")
    };
    let done = crowded(
        &database,
        vec![
            Box::new(|transaction| save(transaction, "a")),
            Box::new(panics),
            Box::new(|transaction| save(transaction, "c")),
        ],
    )
    .await;
    assert!(matches!(&done[..], [Ok(()), Err(DatabaseError::Panic), Ok(())]), "{done:?}");
    assert_eq!(committed(directory.path()), ["a", "c"]);
}

#[tokio::test]
async fn a_panic_after_the_commit_does_not_hold_up_the_next_transaction() {
    let (directory, database) = database();
    let panics = |(): &()| panic!("on purpose");
    let first = database.transaction_then(|transaction| save(transaction, "a"), panics).await;
    assert!(matches!(first, Err(DatabaseError::Stopping)), "{first:?}");
    let next = database.transaction(|transaction| save(transaction, "b"));
    tokio::time::timeout(PATIENCE, next).await.unwrap().unwrap();
    assert_eq!(committed(directory.path()), ["a", "b"]);
}

/// When the disk is full, SQLite rolls the whole transaction back by itself.
#[tokio::test]
async fn when_sqlite_ends_the_transaction_all_of_its_steps_have_failed() {
    let (directory, database) = database();
    let fills_the_disk = |transaction: &Transaction<'_>| {
        transaction.pragma_update(None, "max_page_count", 1)?;
        save(transaction, &"b".repeat(100_000))
    };
    let done = crowded(
        &database,
        vec![
            Box::new(|transaction| save(transaction, "a")),
            Box::new(fills_the_disk),
            Box::new(|transaction| save(transaction, "c")),
        ],
    )
    .await;
    for outcome in done {
        let Err(DatabaseError::Commit(error)) = outcome else { panic!("{outcome:?}") };
        assert_eq!(error.sqlite_error_code(), Some(ErrorCode::DiskFull), "{error}");
    }
    assert_eq!(committed(directory.path()), Vec::<String>::new());
    database.transaction(|transaction| save(transaction, "d")).await.unwrap();
    assert_eq!(committed(directory.path()), ["d"]);
}

#[tokio::test]
async fn when_no_transaction_can_begin_everyone_is_told_why() {
    let (directory, database) = database();
    lock(&database.0.connection).busy_timeout(Duration::ZERO).unwrap();
    let mut other = Connection::open(directory.path().join("cloud.sqlite")).unwrap();
    let held = other.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();

    let waits = database.transaction(|transaction| save(transaction, "a")).await;
    let Err(DatabaseError::Commit(error)) = waits else { panic!("{waits:?}") };
    assert_eq!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy), "{error}");

    database.transaction_soon("it is lost", |transaction| save(transaction, "b"));
    let log = logged(|| database.0.serve());
    assert!(log.contains("it is lost") && log.contains("database is locked"), "{log}");
    drop(held);
    database.transaction(|_| Ok(())).await.unwrap();
    assert_eq!(committed(directory.path()), Vec::<String>::new());
}

/// What this thread has logged.
fn logged(work: impl FnOnce()) -> String {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_writer(move || writer.clone()).finish();
    tracing::subscriber::with_default(subscriber, work);
    String::from_utf8(log.0.lock().unwrap().clone()).unwrap()
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(text)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn what_has_time_is_committed_with_the_next_transaction() {
    let (directory, database) = database();
    database.transaction_soon("lost", |transaction| save(transaction, "a"));
    assert_eq!(committed(directory.path()), Vec::<String>::new());
    database.transaction(|_| Ok(())).await.unwrap();
    assert_eq!(committed(directory.path()), ["a"]);
}

#[tokio::test]
async fn what_has_time_is_committed_by_itself_in_a_moment() {
    let (directory, database) = database();
    for (source, expected) in [("a", vec!["a"]), ("b", vec!["a", "b"])] {
        database.transaction_soon("lost", move |transaction| save(transaction, source));
        let came = async {
            while committed(directory.path()) != expected {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::time::timeout(PATIENCE, came).await.unwrap();
    }
}

#[tokio::test]
async fn a_database_that_is_closed_leaves_nothing_undone() {
    let (directory, database) = database();
    database.transaction_soon("lost", |transaction| save(transaction, "a"));
    drop(database);
    assert_eq!(committed(directory.path()), ["a"]);
}
