//! A function whose invocations last until the test ends them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use cloud::invoke::{Invoke, InvokeError};
use futures::future::BoxFuture;
use serde_json::Value;
use tokio::sync::Semaphore;

pub(crate) struct Held {
    ends: Semaphore,
    begun: AtomicUsize,
    ended: AtomicUsize,
    most: AtomicUsize,
    largest: AtomicUsize,
}

impl Held {
    pub(crate) fn new() -> Arc<Held> {
        Arc::new(Held {
            ends: Semaphore::new(0),
            begun: AtomicUsize::new(0),
            ended: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
            largest: AtomicUsize::new(0),
        })
    }

    pub(crate) fn end_one(&self) {
        self.ends.add_permits(1);
    }

    pub(crate) fn ended(&self) -> usize {
        self.ended.load(Ordering::SeqCst)
    }

    pub(crate) fn running(&self) -> usize {
        let ended = self.ended();
        self.begun.load(Ordering::SeqCst) - ended
    }

    /// The greatest number of invocations that have run at a time.
    pub(crate) fn most_at_once(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }

    /// The greatest number of records that have come in one event.
    pub(crate) fn largest_batch(&self) -> usize {
        self.largest.load(Ordering::SeqCst)
    }
}

impl Invoke for Held {
    fn invoke<'a>(&'a self, _function: &'a str, event: Bytes) -> BoxFuture<'a, Result<Bytes, InvokeError>> {
        let event: Value = serde_json::from_slice(&event).unwrap();
        self.largest.fetch_max(event["Records"].as_array().unwrap().len(), Ordering::SeqCst);
        Box::pin(async {
            self.begun.fetch_add(1, Ordering::SeqCst);
            self.most.fetch_max(self.running(), Ordering::SeqCst);
            self.ends.acquire().await.unwrap().forget();
            self.ended.fetch_add(1, Ordering::SeqCst);
            Ok(Bytes::from_static(b"{}"))
        })
    }
}
