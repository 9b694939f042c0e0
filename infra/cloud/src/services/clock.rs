//! Wall-clock time as the services store it.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;

pub(crate) fn now_ms() -> i64 {
    Timestamp::now().as_millisecond()
}

/// The clock of schedules, which tests let run ahead.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    ahead_ms: AtomicI64,
    moved: watch::Sender<()>,
}

impl Clock {
    pub(crate) fn now(&self) -> Timestamp {
        let now = now_ms().saturating_add(self.ahead_ms.load(Ordering::SeqCst));
        Timestamp::from_millisecond(now).unwrap_or(Timestamp::MAX)
    }

    pub(crate) fn advance(&self, by: Duration) {
        self.ahead_ms.fetch_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX), Ordering::SeqCst);
        self.moved.send_replace(());
    }

    pub(crate) fn moved(&self) -> watch::Receiver<()> {
        self.moved.subscribe()
    }
}
