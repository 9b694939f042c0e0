//! The erasure of all that one context has of a tenant, its commits among it.

use super::keys::{PK, SK};
use super::{Condition, Conflict, Scope, SortKey, Step, StoreError, Walk, Write};

/// When a part of the erasure is ended: after so many rows, or so many partitions, of which most may be empty.
const ROWS: usize = 100;
const PARTITIONS: usize = 50;

impl Scope {
    /// Erases a part of the context's rows, and returns where to go on; `None` at the end. Who repeats a part erases nothing
    /// else.
    pub(crate) async fn erase(&self, context: &str, mut walk: Walk) -> Result<Option<Walk>, StoreError> {
        let mut erased = 0;
        for _ in 0..PARTITIONS {
            let Some(Step { rows, next }) = self.walk_of(context, walk).await? else { return Ok(None) };
            let deletions = rows.iter().map(|row| {
                let (pk, sk) = (row.own_text(PK)?.to_owned(), SortKey::of(row.own_text(SK)?));
                let write = Write::new(self.table_name(), pk, &sk, Condition::always(), Conflict::Contention);
                // The log's own rows go with the rest.
                Ok(write.delete().made_by_the_log())
            });
            let deletions = deletions.collect::<Result<Vec<_>, StoreError>>()?;
            erased += deletions.len();
            if !deletions.is_empty() {
                self.commit(deletions).await?;
            }
            walk = next;
            if erased >= ROWS {
                break;
            }
        }
        Ok(Some(walk))
    }
}
