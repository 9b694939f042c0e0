//! Refuses more requests than a route's burst and rate allow, by a token bucket for each route.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use super::refusal::Refusal;
use crate::model::{HttpApi, Throttle};

/// The buckets by route key; a route without one is not throttled.
pub(crate) struct Throttles(BTreeMap<String, Mutex<Bucket>>);

impl Throttles {
    pub(crate) fn new(api: &HttpApi, now: Instant) -> Throttles {
        let bucket = |key: &String| {
            let throttle = api.throttles.routes.get(key).or(api.throttles.default.as_ref())?;
            Some(Mutex::new(Bucket::full(*throttle, now)))
        };
        let keys = api.routes.iter().map(|route| route.key());
        Throttles(keys.filter_map(|key| bucket(&key).map(|bucket| (key, bucket))).collect())
    }

    pub(crate) fn admit(&self, route_key: &str, now: Instant) -> Result<(), Refusal> {
        let Some(bucket) = self.0.get(route_key) else {
            return Ok(());
        };
        match bucket.lock().unwrap_or_else(PoisonError::into_inner).take(now) {
            true => Ok(()),
            false => Err(Refusal::TooManyRequests),
        }
    }
}

struct Bucket {
    throttle: Throttle,
    tokens: f64,
    filled: Instant,
}

impl Bucket {
    fn full(throttle: Throttle, now: Instant) -> Bucket {
        Bucket { throttle, tokens: throttle.burst.into(), filled: now }
    }

    fn take(&mut self, now: Instant) -> bool {
        let refill = now.saturating_duration_since(self.filled).as_secs_f64() * self.throttle.rate;
        self.tokens = (self.tokens + refill).min(self.throttle.burst.into());
        self.filled = self.filled.max(now);
        let has_one = self.tokens >= 1.0;
        if has_one {
            self.tokens -= 1.0;
        }
        has_one
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn bucket(burst: u32, rate: f64, now: Instant) -> Bucket {
        Bucket::full(Throttle { burst, rate }, now)
    }

    fn taken(bucket: &mut Bucket, attempts: u32, now: Instant) -> u32 {
        (0..attempts).map(|_| u32::from(bucket.take(now))).sum()
    }

    #[test]
    fn a_burst_is_taken_at_once_and_then_the_rate() {
        let start = Instant::now();
        let mut bucket = bucket(5, 2.0, start);
        assert_eq!(taken(&mut bucket, 9, start), 5);
        assert_eq!(taken(&mut bucket, 9, start + Duration::from_millis(499)), 0);
        assert_eq!(taken(&mut bucket, 9, start + Duration::from_millis(500)), 1);
        assert_eq!(taken(&mut bucket, 9, start + Duration::from_secs(2)), 3);
    }

    #[test]
    fn rest_fills_it_up_to_the_burst_alone() {
        let start = Instant::now();
        let mut bucket = bucket(3, 100.0, start);
        assert_eq!(taken(&mut bucket, 9, start + Duration::from_secs(3600)), 3);
    }

    #[test]
    fn a_rate_below_one_a_second_is_kept() {
        let start = Instant::now();
        let mut bucket = bucket(1, 0.25, start);
        let admitted: Vec<u64> =
            (0..10).filter(|second| bucket.take(start + Duration::from_secs(*second))).collect();
        assert_eq!(admitted, [0, 4, 8]);
    }

    #[test]
    fn an_earlier_time_gives_nothing_twice() {
        let start = Instant::now();
        let later = start + Duration::from_secs(1);
        let mut bucket = bucket(1, 1.0, start);
        assert!(bucket.take(later));
        assert!(!bucket.take(start));
        assert!(!bucket.take(later));
    }

    #[test]
    fn without_a_burst_nothing_is_taken() {
        let start = Instant::now();
        assert_eq!(taken(&mut bucket(0, 10.0, start), 9, start + Duration::from_secs(9)), 0);
    }
}
