use std::path::Path;
use std::sync::mpsc;

use futures::future::join_all;
use rusqlite::OpenFlags;
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
async fn a_panic_ends_the_transactions_of_its_commit_and_no_others() {
    let (directory, database) = database();
    let done = crowded(
        &database,
        vec![Box::new(|transaction| save(transaction, "a")), Box::new(|_| panic!("on purpose"))],
    )
    .await;
    assert!(matches!(&done[..], [Err(DatabaseError::Stopping), Err(DatabaseError::Stopping)]), "{done:?}");
    database.transaction(|transaction| save(transaction, "b")).await.unwrap();
    assert_eq!(committed(directory.path()), ["b"]);
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
