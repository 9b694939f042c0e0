//! Exponential backoff between retries.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{sleep, timeout};

const SHORTEST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(5);

#[derive(Debug, Default)]
pub(super) struct Backoff {
    retries: u32,
}

impl Backoff {
    pub(super) fn reset(&mut self) {
        self.retries = 0;
    }

    /// New work ends a long pause early, since the cause of the failure may be gone.
    pub(super) async fn pause(&mut self, new_work: &mut watch::Receiver<()>) {
        let pause = SHORTEST.saturating_mul(1 << self.retries.min(10)).min(LONGEST);
        self.retries = self.retries.saturating_add(1);
        sleep(SHORTEST).await;
        if let Ok(Err(_)) = timeout(pause - SHORTEST, new_work.changed()).await {
            sleep(pause - SHORTEST).await;
        }
    }
}
