//! Limits how many requests a tenant makes in a window of time, without another server.
//!
//! Processes that serve a tenant add its requests up in one item, beside the handler's reads. Writes wait for the
//! outcome, and so does the answer: what is refused has changed nothing. When the count does not answer, requests are
//! admitted.

mod count;
mod sampling;

use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::id::TenantId;
use domain::tier::RequestLimit;
use futures::FutureExt;
use futures::future::{BoxFuture, Shared};
use jiff::Timestamp;
use lru::LruCache;
use tokio::time::timeout;
use uuid::Uuid;

use crate::config::{ConfigError, required};

pub(crate) use count::Count;
pub(crate) use sampling::WINDOW_SECONDS;
use sampling::{Knowledge, Step, Window, is_within};

/// The number of tenants whose windows a process knows. `unwrap` is evaluated at compile time.
const TENANTS: NonZeroUsize = NonZeroUsize::new(1_000).unwrap();
/// How long a request waits for the count.
const PATIENCE: Duration = Duration::from_secs(1);

/// The limits of all tenants, in this process.
pub(crate) struct Limits {
    table: String,
    known: Mutex<LruCache<TenantId, Knowledge>>,
}

/// A request that is to be counted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arrival {
    pub(crate) tenant: TenantId,
    pub(crate) limit: RequestLimit,
    /// By the gateway's clock, which all processes share.
    pub(crate) at: Timestamp,
}

/// Whether a request is admitted. It is decided once, whoever asks first.
#[derive(Clone)]
pub(crate) struct Admission(Shared<BoxFuture<'static, Decision>>);

/// How far the tenant's window is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    pub(crate) limit: RequestLimit,
    /// As far as it is known.
    pub(crate) used: u64,
    /// In how many seconds the next window begins.
    pub(crate) ends_in: u64,
}

/// `Err` for a request that is refused.
pub(crate) type Decision = Result<Usage, Usage>;

impl Limits {
    /// `None` if the template switches them off.
    pub(crate) fn open() -> Result<Option<Self>, ConfigError> {
        match required("LIMIT_REQUESTS")?.as_str() {
            "false" => Ok(None),
            _ => Ok(Some(Self::new(required("USAGE_TABLE")?))),
        }
    }

    pub(crate) fn new(table: String) -> Self {
        Self { table, known: Mutex::new(LruCache::new(TENANTS)) }
    }

    pub(crate) fn table(&self) -> &str {
        &self.table
    }

    pub(crate) fn admit(&'static self, arrival: Arrival, count: Count) -> Admission {
        Admission(self.decide(arrival, count).boxed().shared())
    }

    async fn decide(&self, Arrival { tenant, limit, at }: Arrival, count: Count) -> Decision {
        let window = Window::of(at);
        let known = self.known(tenant, window);
        let decided = |used: u64, weight: u64| {
            let usage = Usage { limit, used, ends_in: window.ends_in(at) };
            if is_within(limit, used, weight) { Ok(usage) } else { Err(usage) }
        };
        let counted = match known.step(limit, at, random()) {
            Step::Refuse | Step::Admit => return decided(known.used, 0),
            Step::Count(weight) => {
                let added = timeout(PATIENCE, count.add(window, weight)).await;
                added.map(|added| added.map(|used| (used, weight)))
            }
            Step::Read => timeout(PATIENCE, count.read(window)).await.map(|read| read.map(|used| (used, 0))),
        };
        match counted {
            Ok(Ok((used, weight))) => {
                self.learn(tenant, Knowledge { window, used, as_of: Some(at) });
                decided(used, weight)
            }
            Ok(Err(error)) => {
                tracing::warn!(%tenant, error, "a request was not counted");
                decided(known.used, 0)
            }
            Err(_) => {
                tracing::warn!(%tenant, "a request was not counted in time");
                decided(known.used, 0)
            }
        }
    }

    fn known(&self, tenant: TenantId, window: Window) -> Knowledge {
        let known = self.lock().get(&tenant).copied();
        known.filter(|known| known.window == window).unwrap_or(Knowledge::none(window))
    }

    /// Answers arrive in any order, and a count never falls within a window.
    fn learn(&self, tenant: TenantId, new: Knowledge) {
        let mut all = self.lock();
        let known = all.get_or_insert_mut(tenant, || new);
        if known.window != new.window || known.used <= new.used {
            *known = new;
        }
    }

    fn lock(&self) -> MutexGuard<'_, LruCache<TenantId, Knowledge>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Admission {
    pub(crate) async fn decision(&self) -> Decision {
        self.0.clone().await
    }

    /// What is known of the window by now; `None` while nobody has waited for the decision.
    pub(crate) fn usage(&self) -> Option<Usage> {
        self.0.peek().map(|decision| decision.unwrap_or_else(|refused| refused))
    }
}

impl Usage {
    pub(crate) fn remaining(&self) -> u64 {
        self.limit.get().saturating_sub(self.used)
    }
}

fn random() -> u64 {
    let (first, ..) = Uuid::new_v4().as_fields();
    u64::from(first)
}

#[cfg(test)]
mod tests;
