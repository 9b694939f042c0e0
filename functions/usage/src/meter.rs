//! Adds lines of the log up.

use domain::usage::Hour;
use jiff::Timestamp;
use platform::table::{StoreError, UsageLedger, Used};
use platform::usage::LogBatch;

use crate::line::Line;

/// Adds the lines of the batch to the ledger, once however often the batch comes. What says nothing of usage is passed
/// over, and what cannot be true as well: it must not keep the other lines from being counted.
pub async fn meter(ledger: &UsageLedger, batch: LogBatch) -> Result<(), StoreError> {
    let mut used = Used::new();
    let (mut others, mut malformed) = (0_u64, 0_u64);
    for line in &batch.lines {
        match Line::read(&line.text) {
            Line::Usage(tenant, usage) => *used.entry((Hour::of(line.at), tenant)).or_default() += usage,
            Line::Other => others += 1,
            Line::Malformed => malformed += 1,
        }
    }
    let is_new = ledger.add(&batch.id, &used, Timestamp::now()).await?;
    if malformed > 0 {
        tracing::error!(batch = batch.id, malformed, "lines of usage are malformed");
    }
    tracing::info!(batch = batch.id, lines = batch.lines.len(), others, malformed, is_new, "usage metered");
    Ok(())
}
