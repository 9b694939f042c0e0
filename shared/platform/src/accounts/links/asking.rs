//! Who asks for links: requests are counted for each address and for each source, and too many have to wait.
//!
//! An address that nobody has is counted like one that somebody has.

use std::net::IpAddr;

use domain::link::Purpose;
use domain::text::{Email, Slug};
use futures::try_join;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::accounts::Registry;
use crate::accounts::attempts::{Window, network};
use crate::hex::hex;
use crate::table::StoreError;

/// In a window of time. Each is a mail that somebody may not have wanted.
const OF_AN_ADDRESS: u32 = 3;
/// More, since the people of a house may share an address of the network.
const OF_A_SOURCE: u32 = 50;

pub(super) struct Asking {
    address: String,
    source: String,
    window: Window,
}

impl Asking {
    pub(super) fn new(
        purpose: Purpose,
        (slug, email): (&Slug, &Email),
        source: Option<IpAddr>,
        now: Timestamp,
    ) -> Self {
        let source = source.map(network).unwrap_or_default();
        let key = |kind: &str, of: &str| {
            let of = format!("{}/{of}", purpose.as_str());
            format!("attempts#{kind}#{}", hex(&Sha256::digest(of)))
        };
        Self {
            address: key("asked", &format!("{}/{}", slug.as_str(), email.as_str())),
            source: key("asking", &source),
            window: Window::of(now),
        }
    }

    /// For how many seconds nobody may ask, if too many have.
    pub(super) async fn wait(&self, registry: &Registry) -> Result<Option<u64>, StoreError> {
        let window = self.window.number().to_string();
        let [address, source] =
            registry.counters([(&self.address, &window), (&self.source, &window)]).await?;
        let is_too_many = address.count >= OF_AN_ADDRESS || source.count >= OF_A_SOURCE;
        Ok(is_too_many.then(|| self.window.seconds_left()))
    }

    pub(super) async fn count(&self, registry: &Registry) -> Result<(), StoreError> {
        let (window, until) = (self.window.number().to_string(), self.window.expires_at());
        let address = registry.count(&self.address, &window, until);
        let source = registry.count(&self.source, &window, until);
        try_join!(address, source).map(drop)
    }
}
