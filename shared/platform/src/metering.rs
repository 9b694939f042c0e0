//! What work costs: the units of DynamoDB that it consumes, and the function's time. Each line of the log that ends a
//! piece of work says so, and whose work it was; `functions/usage` adds the lines up.

use std::cell::Cell;
use std::pin::pin;
use std::sync::{LazyLock, OnceLock};
use std::time::{Duration, Instant};

use domain::id::TenantId;

use crate::telemetry::take_cold_start;

tokio::task_local! {
    static METER: Meter;
}

#[derive(Default)]
struct Meter {
    units: Cell<Units>,
    tenant: Cell<Option<TenantId>>,
}

/// Capacity units of DynamoDB. They come in halves, which `f64` adds up exactly.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Units {
    pub(crate) read: f64,
    pub(crate) write: f64,
}

impl Units {
    pub(crate) fn reads(read: f64) -> Self {
        Self { read, write: 0.0 }
    }

    pub(crate) fn writes(write: f64) -> Self {
        Self { read: 0.0, write }
    }
}

/// What a piece of work has consumed, and for whom; `None` is the platform.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Metered {
    pub(crate) units: Units,
    pub(crate) tenant: Option<TenantId>,
}

/// Does the work with a meter of its own. Work of the same task beside it has another.
pub(crate) async fn metered<T>(work: impl Future<Output = T>) -> (T, Metered) {
    let mut work = pin!(METER.scope(Meter::default(), work));
    let outcome = work.as_mut().await;
    let meter = work.take_value().unwrap_or_default();
    (outcome, Metered { units: meter.units.get(), tenant: meter.tenant.get() })
}

/// Adds to the meter of the work that calls. Without one, nothing is metered.
pub(crate) fn consumed(units: Units) {
    let add = |meter: &Meter| {
        let Units { read, write } = meter.units.get();
        meter.units.set(Units { read: read + units.read, write: write + units.write });
    };
    let _ = METER.try_with(add);
}

/// Says whose work it is. Who says it last is right: a token's tenant, after that of an open route's slug.
pub(crate) fn charge(tenant: TenantId) {
    let _ = METER.try_with(|meter| meter.tenant.set(Some(tenant)));
}

static STARTED: OnceLock<Instant> = OnceLock::new();
static INITIALIZED: OnceLock<Duration> = OnceLock::new();

/// The process begins to run.
pub(crate) fn process_started() {
    let _ = STARTED.set(Instant::now());
}

/// The process is ready for its first invocation.
pub(crate) fn process_initialized() {
    let _ = INITIALIZED.set(STARTED.get().map(Instant::elapsed).unwrap_or_default());
}

/// An invocation that is under way.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Invocation {
    pub(crate) started: Instant,
    pub(crate) is_cold: bool,
}

/// What a line of the log says of the cost of the work that it ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Usage {
    pub(crate) metered: Metered,
    pub(crate) is_cold: bool,
    /// Its share of the time that Lambda bills, in microseconds.
    pub(crate) function_us: u64,
    /// How many share the invocation.
    pub(crate) sharing: u64,
}

impl Invocation {
    pub(crate) fn begin() -> Self {
        Self { started: Instant::now(), is_cold: take_cold_start() }
    }

    /// Of an invocation for one piece of work.
    pub(crate) fn usage(self, metered: Metered) -> Usage {
        Usage { metered, is_cold: self.is_cold, function_us: self.billed(), sharing: 1 }
    }

    /// Of each piece of work of an invocation that has ended. Their shares add up to the whole.
    pub(crate) fn usages<W>(self, all: Vec<(W, Metered)>) -> impl Iterator<Item = (W, Usage)> {
        let (billed, sharing) = (self.billed(), all.len() as u64);
        let share = move |index| billed / sharing + u64::from(index < billed % sharing);
        all.into_iter().zip(0..).map(move |((work, metered), index)| {
            (work, Usage { metered, is_cold: self.is_cold, function_us: share(index), sharing })
        })
    }

    /// Lambda bills whole milliseconds, and of a cold start the initialization as well.
    fn billed(self) -> u64 {
        let initialized = INITIALIZED.get().filter(|_| self.is_cold).copied().unwrap_or_default();
        (initialized + self.started.elapsed()).as_micros().div_ceil(1_000) as u64 * 1_000
    }
}

/// In megabytes; 0 outside of Lambda.
pub(crate) fn memory_mb() -> u64 {
    static MEMORY: LazyLock<u64> = LazyLock::new(|| {
        let size = std::env::var("AWS_LAMBDA_FUNCTION_MEMORY_SIZE");
        size.ok().and_then(|size| size.parse().ok()).unwrap_or_default()
    });
    *MEMORY
}

/// Writes the line of the log that ends a piece of work. Fields and the message follow the [`Usage`].
macro_rules! log_usage {
    ($usage:expr, $($line:tt)+) => {{
        let usage: $crate::metering::Usage = $usage;
        tracing::info!(
            function = $crate::telemetry::function_name(),
            tenant = usage.metered.tenant.map(tracing::field::display),
            cold_start = usage.is_cold,
            read_units = usage.metered.units.read,
            write_units = usage.metered.units.write,
            function_us = usage.function_us,
            memory_mb = $crate::metering::memory_mb(),
            sharing = usage.sharing,
            $($line)+
        )
    }};
}

pub(crate) use log_usage;

#[cfg(test)]
mod tests {
    use futures::future::join;

    use super::*;
    use crate::new_id;

    #[tokio::test]
    async fn work_of_one_task_is_metered_apart() {
        let tenant = new_id(TenantId::from_uuid);
        let work = async |read, pauses| {
            for _ in 0..pauses {
                consumed(Units { read, write: 1.0 });
                tokio::task::yield_now().await;
            }
            if pauses > 2 {
                charge(tenant);
            }
        };
        let (((), one), ((), other)) = join(metered(work(0.5, 3)), metered(work(2.0, 2))).await;
        assert_eq!(one, Metered { units: Units { read: 1.5, write: 3.0 }, tenant: Some(tenant) });
        assert_eq!(other, Metered { units: Units { read: 4.0, write: 2.0 }, tenant: None });
        consumed(Units { read: 1.0, write: 0.0 });
    }

    #[test]
    fn shares_of_an_invocation_add_up_to_what_is_billed() {
        let started = Instant::now() - Duration::from_micros(6_300);
        let invocation = Invocation { started, is_cold: false };
        let usages = invocation.usages((0..3).map(|work| (work, Metered::default())).collect());
        let shares: Vec<u64> = usages.map(|(_, usage)| usage.function_us).collect();
        let billed: u64 = shares.iter().sum();
        assert!(billed >= 7_000 && billed.is_multiple_of(1_000), "{shares:?}");
        assert!(shares[0] - shares[2] <= 1, "{shares:?}");
        assert_eq!(invocation.usages(Vec::<((), _)>::new()).count(), 0);
    }
}
