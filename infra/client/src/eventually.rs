//! Waiting for what happens by events. The only place where a thread of the seeder or of a test pauses.

use std::time::{Duration, Instant};

/// Nobody waits so long when all is well. A delivery that failed comes back after its queue's visibility time-out,
/// and that is three minutes at the longest.
const SOON: Duration = Duration::from_secs(200);
const PAUSE: Duration = Duration::from_millis(5);

/// The first `Some` that `look` gives; panics with `what` when the deadline passes first.
pub fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    within(SOON, &mut look).unwrap_or_else(|| panic!("not within {SOON:?}: {what}"))
}

/// The first `Some` that `look` gives until the deadline.
pub fn within<T>(deadline: Duration, mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return Some(found);
        }
        if start.elapsed() >= deadline {
            return None;
        }
        std::thread::sleep(PAUSE);
    }
}

/// Panics with `what` when `holds` turns false within this time.
pub fn stays(what: &str, time: Duration, mut holds: impl FnMut() -> bool) {
    assert!(within(time, || (!holds()).then_some(())).is_none(), "changed: {what}");
}
