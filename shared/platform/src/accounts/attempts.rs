//! Attempts to sign in: failures are counted, for each account and for each address that they come from, and too many
//! of them make the next attempt wait.
//!
//! An account that does not exist is counted like one that does. Where a user has signed in before, failures from
//! elsewhere do not count, so that nobody is locked out of an account by strangers.

use std::net::IpAddr;

use domain::text::{Email, Slug};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::accounts::Registry;
use crate::hex::hex;
use crate::table::StoreError;

const WINDOW_SECONDS: i64 = 15 * 60;
const FAILURES_OF_AN_ACCOUNT: u32 = 20;
/// More, since the people of a house may share an address.
const FAILURES_OF_A_SOURCE: u32 = 100;
/// How long a source is known after a sign-in, and how soon a sign-in makes it known again.
const KNOWN_SECONDS: i64 = 30 * 24 * 60 * 60;
const RENEWED_SECONDS: i64 = KNOWN_SECONDS / 2;

/// An attempt to sign in to an account from somewhere.
pub(crate) struct Attempt {
    account: String,
    source: String,
    /// The account as seen from this source.
    pair: String,
    window: Window,
    now: i64,
}

/// A span of time in which failures are counted.
pub(super) struct Window {
    second: i64,
}

impl Window {
    pub(super) fn of(now: Timestamp) -> Self {
        Self { second: now.as_second() }
    }

    pub(super) fn number(&self) -> i64 {
        self.second / WINDOW_SECONDS
    }

    pub(super) fn seconds_left(&self) -> u64 {
        u64::try_from(WINDOW_SECONDS - self.second.rem_euclid(WINDOW_SECONDS)).unwrap_or_default()
    }

    /// When its counters may be deleted.
    pub(super) fn expires_at(&self) -> i64 {
        self.second + 2 * WINDOW_SECONDS
    }
}

/// What is known before the password is verified.
pub(crate) enum Admission {
    /// `renew`: a sign-in makes the source known for a longer time.
    Admitted { renew: bool },
    /// For so many seconds.
    Refused(u64),
}

impl Attempt {
    pub(crate) fn new(slug: &Slug, email: &Email, source: Option<IpAddr>, now: Timestamp) -> Self {
        let account = format!("{}/{}", slug.as_str(), email.as_str());
        let source = source.map(network).unwrap_or_default();
        let key = |kind: &str, of: &str| format!("attempts#{kind}#{}", hex(&Sha256::digest(of)));
        Self {
            pair: key("pair", &format!("{account}/{source}")),
            account: key("account", &account),
            source: key("source", &source),
            window: Window::of(now),
            now: now.as_second(),
        }
    }

    pub(crate) async fn admit(&self, registry: &Registry) -> Result<Admission, StoreError> {
        let window = self.window.number().to_string();
        let [account, source, pair, known] = registry
            .counters([
                (&self.account, &window),
                (&self.source, &window),
                (&self.pair, &window),
                (&self.pair, KNOWN),
            ])
            .await?;
        let known_for = known.until.map_or(0, |until| until - self.now);
        // The same number of failures from here holds the account up here, be the place known or not.
        let account_is_held =
            pair.count >= FAILURES_OF_AN_ACCOUNT || account.count >= FAILURES_OF_AN_ACCOUNT && known_for <= 0;
        Ok(match account_is_held || source.count >= FAILURES_OF_A_SOURCE {
            true => Admission::Refused(self.window.seconds_left()),
            false => Admission::Admitted { renew: known_for < RENEWED_SECONDS },
        })
    }

    /// Counts a failure, whether or not the account exists.
    pub(crate) async fn failed(&self, registry: &Registry) -> Result<(), StoreError> {
        let (window, until) = (self.window.number().to_string(), self.window.expires_at());
        let account = registry.count(&self.account, &window, until);
        let source = registry.count(&self.source, &window, until);
        let pair = registry.count(&self.pair, &window, until);
        futures::try_join!(account, source, pair).map(drop)
    }

    /// Makes the source known for this account.
    pub(crate) async fn succeeded(&self, registry: &Registry) -> Result<(), StoreError> {
        registry.count(&self.pair, KNOWN, self.now + KNOWN_SECONDS).await
    }
}

/// The sort key of the row of a known source.
const KNOWN: &str = "-";

/// One host of IPv4, or one network of IPv6, whose hosts choose their addresses in it.
pub(super) fn network(source: IpAddr) -> String {
    match source.to_canonical() {
        IpAddr::V4(host) => host.to_string(),
        IpAddr::V6(host) => format!("{:x?}", &host.segments()[..4]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt(slug: &str, email: &str, source: &str, second: i64) -> Attempt {
        let slug = Slug::try_from(slug.to_owned()).unwrap();
        let email = Email::try_from(email.to_owned()).unwrap();
        let now = Timestamp::from_second(second).unwrap();
        Attempt::new(&slug, &email, Some(source.parse().unwrap()), now)
    }

    #[test]
    fn a_network_of_ipv6_counts_as_one_source_and_a_mapped_address_as_itself() {
        let source = |address: &str| attempt("acme", "a@acme.example", address, 0).source;
        assert_eq!(source("2001:db8:1:2::1"), source("2001:db8:1:2:ffff::9"));
        assert_ne!(source("2001:db8:1:2::1"), source("2001:db8:1:3::1"));
        assert_eq!(source("::ffff:192.0.2.1"), source("192.0.2.1"));
        assert_ne!(source("192.0.2.1"), source("192.0.2.2"));
    }

    #[test]
    fn an_account_is_one_of_its_tenant() {
        let account = |slug, email| attempt(slug, email, "192.0.2.1", 0).account;
        assert_ne!(account("acme", "a@acme.example"), account("globex", "a@acme.example"));
        assert_eq!(account("acme", "a@acme.example"), account("acme", "a@acme.example"));
        assert!(!account("acme", "a@acme.example").contains("acme"), "no address stands in a key");
    }

    #[test]
    fn a_window_ends_when_the_wait_is_over() {
        let at = |second| Window::of(Timestamp::from_second(second).unwrap());
        for second in [0, 1, 899] {
            let wait = i64::try_from(at(second).seconds_left()).unwrap();
            assert_eq!(at(second).number(), at(second + wait - 1).number());
            assert_ne!(at(second).number(), at(second + wait).number());
        }
    }
}
