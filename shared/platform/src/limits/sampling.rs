//! Which requests are counted, and which of them are refused. Windows are of ten seconds, by the gateway's clock.
//!
//! A request in `weight` is counted, as `weight` requests. So a tenant far below its limit, or with a high limit, costs
//! a fraction of a write for each request, and the count is off by a few percent.

use std::time::Duration;

use domain::tier::RequestLimit;
use jiff::Timestamp;

pub(crate) const WINDOW_SECONDS: i64 = 10;
/// How many requests are counted in a window at most, give or take.
const COUNTED: u64 = 1_600;
/// Below a quarter of the limit, one request in so many is counted. Below a limit of `EXACT`, all are: a few that are
/// not counted would be many of it.
const FEW: u64 = 4;
const EXACT: u64 = 500;
/// How long a process decides by what it knows, before it reads what others have counted.
const FRESH: Duration = Duration::from_millis(500);

/// A span of time in which requests are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Window(i64);

impl Window {
    pub(crate) fn of(at: Timestamp) -> Self {
        Self(at.as_second().div_euclid(WINDOW_SECONDS))
    }

    pub(crate) fn number(self) -> i64 {
        self.0
    }

    /// In whole seconds, and at least one.
    pub(crate) fn ends_in(self, now: Timestamp) -> u64 {
        let end = (self.0 + 1) * WINDOW_SECONDS * 1_000;
        u64::try_from(end - now.as_millisecond()).unwrap_or_default().div_ceil(1_000).max(1)
    }

    /// When its count may be deleted, in seconds since the Unix epoch. Requests that arrive late are counted still.
    pub(crate) fn expires_at(self) -> i64 {
        (self.0 + 1) * WINDOW_SECONDS + 60
    }
}

/// What a process knows of a tenant's window.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Knowledge {
    pub(crate) window: Window,
    pub(crate) used: u64,
    /// When it was read or counted; `None` at the beginning of a window.
    pub(crate) as_of: Option<Timestamp>,
}

/// What is to be done about a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// The window is used up, as is known already.
    Refuse,
    /// Add so many requests, and decide by the sum.
    Count(u64),
    /// Read the sum, and decide by it.
    Read,
    Admit,
}

/// Whether a request is admitted that has added `weight`, which made the sum `used`.
pub(crate) fn is_within(limit: RequestLimit, used: u64, weight: u64) -> bool {
    used.saturating_sub(weight) < limit.get()
}

impl Knowledge {
    pub(crate) fn none(window: Window) -> Self {
        Self { window, used: 0, as_of: None }
    }

    /// `draw` is any number, at random.
    pub(crate) fn step(&self, limit: RequestLimit, now: Timestamp, draw: u64) -> Step {
        let limit = limit.get();
        if self.used >= limit {
            return Step::Refuse;
        }
        let few = if limit >= EXACT && self.used < limit / 4 { FEW } else { 1 };
        let weight = limit.div_ceil(COUNTED).max(few);
        if draw.is_multiple_of(weight) {
            return Step::Count(weight);
        }
        let is_fresh = |as_of: Timestamp| now.duration_since(as_of).unsigned_abs() <= FRESH;
        match self.as_of.is_some_and(is_fresh) {
            true => Step::Admit,
            false => Step::Read,
        }
    }
}

#[cfg(test)]
mod tests;
