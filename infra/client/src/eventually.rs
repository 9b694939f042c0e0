//! Polling for eventually consistent effects. No other code of the seeder or of a test sleeps.

use std::time::{Duration, Instant};

/// A failed delivery is retried after its queue's visibility timeout, which is at most three minutes. Without failures,
/// effects are visible much earlier.
const DEADLINE: Duration = Duration::from_secs(200);
const INTERVAL: Duration = Duration::from_millis(5);

/// Polls until `look` returns `Some`. Panics with `what` if that does not happen before the deadline.
pub fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    within(DEADLINE, &mut look).unwrap_or_else(|| panic!("timed out after {DEADLINE:?}: {what}"))
}

/// Polls until `look` returns `Some`, and returns `None` after the deadline.
pub fn within<T>(deadline: Duration, mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return Some(found);
        }
        if start.elapsed() >= deadline {
            return None;
        }
        std::thread::sleep(INTERVAL);
    }
}

/// Polls for this long, and panics with `what` if `holds` returns false.
pub fn stays(what: &str, time: Duration, mut holds: impl FnMut() -> bool) {
    assert!(within(time, || (!holds()).then_some(())).is_none(), "changed: {what}");
}
