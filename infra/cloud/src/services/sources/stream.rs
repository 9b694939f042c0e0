//! Calls a function with a table's stream in order, and repeats each record until it is done or given up.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::answer::{BatchError, BatchOutcome, outcome};
use super::backoff::Backoff;
use super::{Filter, LONGEST_WAIT, Switch, checkpoint, event};
use crate::invoke::Invoke;
use crate::model::StreamSource;
use crate::services::Services;
use crate::services::dynamodb::stream::StreamRecord;

const PAUSE_AFTER_DATABASE_ERROR: Duration = Duration::from_secs(1);
/// After this many filtered-out records, the checkpoint is saved without a batch.
const SKIPS_PER_CHECKPOINT: usize = 500;

pub(super) struct StreamPoller {
    services: Arc<Services>,
    invoke: Arc<dyn Invoke>,
    source: StreamSource,
    table: String,
    filter: Arc<Filter>,
    switch: Switch,
    position: i64,
    skipped: usize,
    written: watch::Receiver<()>,
    backoff: Backoff,
    /// Consecutive failures that the records may have caused.
    blamed: u32,
}

#[derive(Debug, Default)]
struct Scan {
    matching: Vec<StreamRecord>,
    /// The sequence number of the last record that was examined.
    through: i64,
    passed: usize,
    /// Whether more records may be available already.
    more: bool,
}

impl StreamPoller {
    pub(super) fn new(
        services: &Arc<Services>,
        invoke: &Arc<dyn Invoke>,
        source: &StreamSource,
        switch: Switch,
    ) -> Option<StreamPoller> {
        let mut tables = services.stack.tables.iter();
        let Some(table) = tables.find(|table| table.stream_arn.as_ref() == Some(&source.stream_arn)) else {
            tracing::error!(source = source.logical_id, "its stream belongs to no table");
            return None;
        };
        Some(StreamPoller {
            services: Arc::clone(services),
            invoke: Arc::clone(invoke),
            source: source.clone(),
            table: table.name.clone(),
            filter: services.filters.of(&source.logical_id),
            switch,
            position: 0,
            skipped: 0,
            written: services.dynamodb.written(),
            backoff: Backoff::default(),
            blamed: 0,
        })
    }

    pub(super) async fn run(mut self) {
        self.position = loop {
            match checkpoint::load(&self.services.database, checkpoint::of_stream(&self.source)).await {
                // Zero is the trim horizon.
                Ok(position) => break position.unwrap_or(0),
                Err(error) => self.complain(&error).await,
            }
        };
        loop {
            self.switch.on().await;
            self.written.borrow_and_update();
            let Some(scan) = self.scan_full_batch().await else {
                continue;
            };
            if !scan.matching.is_empty() {
                self.deliver(scan.matching).await;
                self.position = scan.through;
                continue;
            }
            self.pass(&scan);
            if !scan.more && matches!(timeout(LONGEST_WAIT, self.written.changed()).await, Ok(Err(_))) {
                return;
            }
        }
    }

    async fn complain(&self, error: &(dyn std::error::Error + Send + Sync)) {
        tracing::error!(source = self.source.logical_id, %error, "the stream cannot be read");
        sleep(PAUSE_AFTER_DATABASE_ERROR).await;
    }

    /// Waits for the batching window if the batch is not full.
    async fn scan_full_batch(&self) -> Option<Scan> {
        let scan = self.scan().await?;
        let is_short = !scan.more && !scan.matching.is_empty();
        if is_short && !self.source.batching_window.is_zero() {
            sleep(self.source.batching_window).await;
            return self.scan().await;
        }
        Some(scan)
    }

    async fn scan(&self) -> Option<Scan> {
        let streams = self.services.dynamodb.streams();
        let page = match streams.read(&self.table, &self.source.stream_arn, self.position).await {
            Ok(page) => page,
            Err(error) => {
                self.complain(&error).await;
                return None;
            }
        };
        let mut scan = Scan { through: self.position, ..Scan::default() };
        let length = page.len();
        for record in page {
            scan.through = record.sequence;
            scan.passed += 1;
            if self.filter.matches(&record.json) {
                scan.matching.push(record);
            }
            if scan.matching.len() == self.source.batch_size.max(1) {
                break;
            }
        }
        scan.more = scan.passed < length || streams.is_full_page(length);
        Some(scan)
    }

    fn pass(&mut self, scan: &Scan) {
        self.position = scan.through;
        self.skipped += scan.passed;
        if self.skipped >= SKIPS_PER_CHECKPOINT {
            self.save(scan.through);
        }
    }

    /// Returns when every record is done or given up.
    async fn deliver(&mut self, records: Vec<StreamRecord>) {
        let mut pending = VecDeque::from([records]);
        while let Some(mut batch) = pending.pop_front() {
            let error = match self.attempt(&batch).await {
                BatchOutcome::Done => {
                    self.complete(&batch);
                    continue;
                }
                BatchOutcome::Partial(failed) => {
                    let first = batch.iter().position(|record| failed.contains(&record.id));
                    let rest = batch.split_off(first.unwrap_or(0));
                    self.complete(&batch);
                    batch = rest;
                    None
                }
                BatchOutcome::Failed(error) => Some(error),
            };
            if self.source.bisect_on_error
                && batch.len() > 1
                && error.as_ref().is_some_and(BatchError::blames_records)
            {
                let second = batch.split_off(batch.len() / 2);
                pending.push_front(second);
                pending.push_front(batch);
            } else if self.may_retry(error.as_ref(), batch.len()).await {
                pending.push_front(batch);
            } else {
                self.complete(&batch);
            }
        }
    }

    async fn attempt(&self, batch: &[StreamRecord]) -> BatchOutcome {
        self.switch.on().await;
        let event = event(batch.iter().map(|record| record.json.as_str()));
        let answer = self.invoke.invoke(&self.source.function, event).await;
        outcome(answer, self.source.report_item_failures, |id| batch.iter().any(|record| record.id == id))
    }

    /// Pauses before a retry; false when no retries are left.
    async fn may_retry(&mut self, error: Option<&BatchError>, records: usize) -> bool {
        let reason =
            error.map_or_else(|| "the function reported failed items".to_owned(), ToString::to_string);
        let counts = error.is_none_or(BatchError::blames_records);
        if counts && self.source.max_retries.is_some_and(|most| self.blamed >= most) {
            tracing::error!(
                source = self.source.logical_id,
                records,
                reason,
                "retries are exhausted: records discarded"
            );
            return false;
        }
        tracing::warn!(source = self.source.logical_id, records, reason, "a batch failed and is retried");
        self.blamed += u32::from(counts);
        self.backoff.pause(&mut self.written).await;
        true
    }

    fn complete(&mut self, batch: &[StreamRecord]) {
        if let Some(last) = batch.last() {
            self.backoff.reset();
            self.blamed = 0;
            self.save(last.sequence);
        }
    }

    fn save(&mut self, sequence: i64) {
        self.skipped = 0;
        checkpoint::save(&self.services.database, checkpoint::of_stream(&self.source), sequence);
    }
}
