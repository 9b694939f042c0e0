//! Ids of requests, messages and events.

use std::cell::RefCell;

use ring::rand::{SecureRandom, SystemRandom};
use uuid::{Builder, Uuid};

const DRAWN: usize = 64;

thread_local! {
    static DRAWER: RefCell<Vec<[u8; 16]>> = const { RefCell::new(Vec::new()) };
}

/// A UUID of version 4. Each request needs several, and drawing them one by one would be as many calls of the system.
pub(crate) fn new_uuid() -> Uuid {
    DRAWER.with_borrow_mut(|drawer| {
        if drawer.is_empty() {
            drawer.resize(DRAWN, [0; 16]);
            if SystemRandom::new().fill(drawer.as_flattened_mut()).is_err() {
                drawer.clear();
            }
        }
        // It is empty only when the system has failed to fill it. `new_v4` asks by itself, and panics if that fails too.
        drawer.pop().map_or_else(Uuid::new_v4, |bytes| Builder::from_random_bytes(bytes).into_uuid())
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_are_of_version_4_and_differ() {
        let ids: HashSet<Uuid> = (0..1000).map(|_| new_uuid()).collect();
        assert_eq!(ids.len(), 1000);
        assert!(ids.iter().all(|id| id.get_version_num() == 4));
    }
}
