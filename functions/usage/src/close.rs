//! Closes days: tells once for each tenant what it has used.

use std::future::ready;

use domain::id::TenantId;
use domain::usage::{Day, Prices, close as closed, days_to_close};
use domain::{Actor, Stamp};
use futures::StreamExt;
use futures::stream::iter;
use platform::StartError;
use platform::accounts::Closing;
use platform::schedule::Run;
use platform::table::{StoreError, Unclosed, UsageLedger};
use platform::usage::prices;

use crate::store;

/// Rows that are in memory at a time, of some 300 bytes each.
const PAGE: usize = 1_000;
/// Tenants that are closed at a time, each with one call to AWS at a time.
const AT_ONCE: usize = 8;
/// The most failures of a run that have a line of their own.
const LINES: u64 = 20;

/// What days are closed with.
pub struct Closer {
    ledger: UsageLedger,
    closing: Closing,
    prices: Prices,
}

/// Some tenants' days are not closed. Lines of the log say which.
#[derive(Debug, thiserror::Error)]
#[error("{0} rows or pages of usage were not closed")]
pub struct NotClosed(u64);

enum Outcome {
    Closed,
    /// By an earlier run, which has not come to marking the row.
    Known,
    /// There is no such tenant.
    Gone,
}

#[derive(Debug, Default)]
struct Tally {
    closed: u64,
    known: u64,
    gone: u64,
    failed: u64,
    /// Whether the next run has to go on.
    is_cut_off: bool,
}

impl Closer {
    pub fn of_function() -> Result<Self, StartError> {
        Ok(Self { ledger: UsageLedger::of_function()?, closing: Closing::open()?, prices: prices()? })
    }

    /// Commits the event, and then marks the row, so that later runs pass it over. Whatever ends between the two, the
    /// commit is not made again.
    async fn close(&'static self, row: Unclosed, run: Run) -> Result<Outcome, StoreError> {
        let outcome = match self.closing.tenant(&row).await? {
            Some((scope, profile)) => {
                let event = closed(row.day(), profile.tier, row.usage(), &self.prices);
                let stamp = Stamp { at: run.at, by: Actor::Platform };
                let is_new = store::append(&scope, event, stamp).await?;
                if is_new { Outcome::Closed } else { Outcome::Known }
            }
            None => Outcome::Gone,
        };
        self.ledger.mark_closed(&row, run.at).await?;
        Ok(outcome)
    }
}

impl Tally {
    /// `None` is a row for which no time was left.
    fn add(&mut self, row: &Unclosed, outcome: Option<Result<Outcome, StoreError>>) {
        match outcome {
            Some(Ok(Outcome::Closed)) => self.closed += 1,
            Some(Ok(Outcome::Known)) => self.known += 1,
            Some(Ok(Outcome::Gone)) => self.gone += 1,
            Some(Err(error)) => self.fail(row.day(), Some(row.tenant()), &error),
            None => self.is_cut_off = true,
        }
    }

    fn fail(&mut self, day: Day, tenant: Option<TenantId>, error: &StoreError) {
        self.failed += 1;
        if self.failed <= LINES {
            let tenant = tenant.map(tracing::field::display);
            tracing::error!(%day, tenant, %error, "a day was not closed");
        }
    }
}

/// Closes the days that are over for each tenant that has used anything on them. Fails at the end if a tenant's day
/// failed; what is not closed then, or when the time is used up, is left to the next run.
pub async fn close(closer: &'static Closer, run: Run) -> Result<(), NotClosed> {
    let mut tally = Tally::default();
    for day in days_to_close(run.at) {
        close_day(closer, run, day, &mut tally).await;
    }
    let Tally { closed, known, gone, failed, is_cut_off } = tally;
    tracing::info!(closed, known, gone, failed, is_cut_off, "days closed");
    if failed > 0 { Err(NotClosed(failed)) } else { Ok(()) }
}

/// A page of the day's rows is in memory at a time.
async fn close_day(closer: &'static Closer, run: Run, day: Day, tally: &mut Tally) {
    let mut cursor = None;
    while !run.is_over() {
        let page = match run.within(closer.ledger.unclosed(day, cursor, PAGE)).await {
            Some(Ok(page)) => page,
            Some(Err(error)) => return tally.fail(day, None, &error),
            None => break,
        };
        let mut outcomes = iter(page.items)
            .take_while(|_| ready(!run.is_over()))
            .map(|row| async move { (row, run.within(closer.close(row, run)).await) })
            .buffer_unordered(AT_ONCE);
        while let Some((row, outcome)) = outcomes.next().await {
            tally.add(&row, outcome);
        }
        cursor = page.next_cursor;
        if cursor.is_none() && !run.is_over() {
            return;
        }
    }
    tally.is_cut_off = true;
}
