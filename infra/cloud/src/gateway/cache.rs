//! A cache of an authorizer's verdicts, limited in age and in number.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

pub(crate) struct Cache<V> {
    lifetime: Duration,
    capacity: usize,
    entries: HashMap<Vec<String>, (V, Instant)>,
    /// Oldest first, which is also the order of expiry, since all entries have the same lifetime.
    order: VecDeque<(Vec<String>, Instant)>,
}

impl<V: Clone> Cache<V> {
    pub(crate) fn new(lifetime: Duration, capacity: usize) -> Cache<V> {
        Cache { lifetime, capacity, entries: HashMap::new(), order: VecDeque::new() }
    }

    pub(crate) fn get(&self, key: &[String], now: Instant) -> Option<V> {
        self.entries.get(key).filter(|(_, expiry)| now < *expiry).map(|(value, _)| value.clone())
    }

    pub(crate) fn put(&mut self, key: Vec<String>, value: V, now: Instant) {
        if self.lifetime.is_zero() {
            return;
        }
        let expiry = now + self.lifetime;
        self.order.push_back((key.clone(), expiry));
        self.entries.insert(key, (value, expiry));
        while self.order.front().is_some_and(|(_, expiry)| *expiry <= now) || self.order.len() > self.capacity
        {
            let Some((key, expiry)) = self.order.pop_front() else {
                return;
            };
            // The identity may have a newer verdict by now, which stays.
            if self.entries.get(&key).is_some_and(|(_, newest)| *newest == expiry) {
                self.entries.remove(&key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn key(text: &str) -> Vec<String> {
        vec![text.to_owned()]
    }

    #[test]
    fn forgets_after_its_lifetime() {
        let (mut cache, start) = (Cache::new(MINUTE, 10), Instant::now());
        cache.put(key("a"), 1, start);
        assert_eq!(cache.get(&key("a"), start + MINUTE / 2), Some(1));
        assert_eq!(cache.get(&key("a"), start + MINUTE), None);
        cache.put(key("b"), 2, start + MINUTE);
        assert_eq!((cache.entries.len(), cache.order.len()), (1, 1));
    }

    #[test]
    fn forgets_the_oldest_when_full() {
        let (mut cache, start) = (Cache::new(MINUTE, 2), Instant::now());
        for (value, name) in ["a", "b", "c"].into_iter().enumerate() {
            cache.put(key(name), value, start);
        }
        assert_eq!(cache.get(&key("a"), start), None);
        assert_eq!(cache.get(&key("c"), start), Some(2));
    }

    #[test]
    fn the_newer_of_two_verdicts_stays() {
        let (mut cache, start) = (Cache::new(MINUTE, 2), Instant::now());
        cache.put(key("a"), 1, start);
        cache.put(key("a"), 2, start + MINUTE / 2);
        cache.put(key("b"), 3, start + MINUTE);
        assert_eq!(cache.get(&key("a"), start + MINUTE), Some(2));
    }

    #[test]
    fn keeps_nothing_without_a_lifetime() {
        let (mut cache, start) = (Cache::new(Duration::ZERO, 2), Instant::now());
        cache.put(key("a"), 1, start);
        assert!(cache.entries.is_empty());
    }
}
