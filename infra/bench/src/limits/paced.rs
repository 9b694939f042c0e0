//! A connection that asks for its tenant at a pace.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Request, StatusCode, header};
use http_body_util::Full;

use super::Access;
use crate::load::{Sent, Visitor};

pub(super) struct Paced {
    access: Access,
    began: Instant,
    interval: Duration,
    count: u32,
}

impl Paced {
    /// Connections that send so many requests a second between them, one after another.
    pub(super) fn connections(access: &Access, rate: f64, connections: u32) -> Vec<Paced> {
        let (now, interval) = (Instant::now(), Duration::from_secs_f64(f64::from(connections) / rate));
        let began = |number: u32| now + interval * number / connections;
        (0..connections)
            .map(|number| Paced { access: access.clone(), began: began(number), interval, count: 0 })
            .collect()
    }
}

pub(super) fn request(access: &Access) -> Request<Full<Bytes>> {
    Request::builder()
        .uri("/tenant")
        .header(header::HOST, "127.0.0.1")
        .header(header::AUTHORIZATION, access.authorization.clone())
        .body(Full::default())
        .expect("a request is valid")
}

impl Visitor for Paced {
    fn next(&mut self) -> Sent {
        self.count += 1;
        Sent { request: request(&self.access), expected: StatusCode::OK }
    }

    fn due(&self) -> Option<Instant> {
        Some(self.began + self.interval * self.count)
    }
}
