//! The lines by which functions say what their work has cost. `platform` writes them.

use std::ops::RangeInclusive;

use domain::id::TenantId;
use domain::usage::Usage;
use serde::Deserialize;

/// Lambda's limits: a function runs for a quarter of an hour at most, and has 10 GB at most.
const TIME_US: RangeInclusive<u64> = 0..=900_000_000;
const MEMORY_MB: RangeInclusive<u64> = 0..=10_240;
/// The most messages of a batch.
const SHARING: RangeInclusive<u64> = 1..=10_000;
/// More than any call can consume, many times over.
const UNITS: RangeInclusive<f64> = 0.0..=1e9;

/// What became of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Line {
    /// `None` is the platform.
    Usage(Option<TenantId>, Usage),
    /// It says nothing of usage.
    Other,
    /// It says something of usage that cannot be true.
    Malformed,
}

/// A line may have more fields, and does.
#[derive(Deserialize)]
struct Fields {
    message: String,
    tenant: Option<TenantId>,
    /// Of a request.
    status: Option<u16>,
    /// Of an event, and of a scheduled run.
    failed: Option<bool>,
    read_units: f64,
    write_units: f64,
    function_us: u64,
    memory_mb: u64,
    sharing: u64,
}

/// Whether a line means to say something of usage.
#[derive(Deserialize)]
struct Probe {
    function_us: Option<serde::de::IgnoredAny>,
}

impl Line {
    pub(crate) fn read(text: &str) -> Line {
        // The parser would read the fields out of an array, too.
        if !text.starts_with('{') {
            return Line::Other;
        }
        match serde_json::from_str(text) {
            Ok(Probe { function_us: Some(_) }) => {}
            Ok(Probe { function_us: None }) | Err(_) => return Line::Other,
        }
        let fields: Option<Fields> = serde_json::from_str(text).ok();
        let usage = fields.as_ref().and_then(Fields::usage);
        match fields.zip(usage) {
            Some((fields, usage)) => Line::Usage(fields.tenant, usage),
            None => Line::Malformed,
        }
    }
}

impl Fields {
    fn usage(&self) -> Option<Usage> {
        let is_possible = TIME_US.contains(&self.function_us)
            && MEMORY_MB.contains(&self.memory_mb)
            && SHARING.contains(&self.sharing)
            && UNITS.contains(&self.read_units)
            && UNITS.contains(&self.write_units);
        let is_request = self.message == "request";
        let failed = self.failed == Some(true) || self.status.is_some_and(|status| status >= 500);
        is_possible.then(|| Usage {
            requests: is_request.into(),
            errors: failed.into(),
            read_milliunits: thousandths(self.read_units),
            write_milliunits: thousandths(self.write_units),
            function_us: self.function_us,
            megabyte_us: self.function_us * self.memory_mb,
            micro_invocations: 1_000_000 / self.sharing,
        })
    }
}

/// Units come in halves, of which this is exact.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn thousandths(units: f64) -> u64 {
    (units * 1_000.0).round() as u64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    const TENANT: &str = "ten_0190b5b4a3b27c10b5a58d0a3b8a1c2d";

    fn line(changes: Value) -> Line {
        let mut line = json!({
            "timestamp": "2026-11-28T03:04:05Z", "level": "INFO", "message": "request", "function": "get_me",
            "tenant": TENANT, "status": 200, "read_units": 1.5, "write_units": 4.0, "function_us": 7000,
            "memory_mb": 256, "sharing": 1, "duration_us": 6543, "cold_start": false,
        });
        line.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        Line::read(&line.to_string())
    }

    #[test]
    fn a_line_says_what_was_used_and_by_whom() {
        let usage = Usage {
            requests: 1,
            errors: 0,
            read_milliunits: 1_500,
            write_milliunits: 4_000,
            function_us: 7_000,
            megabyte_us: 1_792_000,
            micro_invocations: 1_000_000,
        };
        let tenant = TENANT.parse().ok();
        assert_eq!(line(json!({})), Line::Usage(tenant, usage));
        assert_eq!(line(json!({ "a field of a newer version": [1] })), Line::Usage(tenant, usage));
        assert_eq!(line(json!({ "tenant": null })), Line::Usage(None, usage));
        assert_eq!(line(json!({ "status": 499 })), Line::Usage(tenant, usage));
        assert_eq!(line(json!({ "status": 500 })), Line::Usage(tenant, Usage { errors: 1, ..usage }));
        let message = Usage { requests: 0, micro_invocations: 100_000, ..usage };
        let event =
            |failed| line(json!({ "message": "event", "status": null, "failed": failed, "sharing": 10 }));
        assert_eq!(event(false), Line::Usage(tenant, message));
        assert_eq!(event(true), Line::Usage(tenant, Usage { errors: 1, ..message }));
    }

    #[test]
    fn what_says_nothing_of_usage_is_no_error() {
        for text in ["", "START RequestId: 1", "[1]", "7", "{", "{\"message\": \"start-up failed\"}", "\u{0}"]
        {
            assert_eq!(Line::read(text), Line::Other, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_true_is_malformed() {
        for change in [
            json!({ "tenant": "acme" }),
            json!({ "tenant": 7 }),
            json!({ "read_units": -0.5 }),
            json!({ "read_units": "1" }),
            json!({ "write_units": 1e10 }),
            json!({ "write_units": null }),
            json!({ "function_us": 900_000_001_u64 }),
            json!({ "function_us": "7" }),
            json!({ "memory_mb": 10_241 }),
            json!({ "sharing": 0 }),
            json!({ "message": 7 }),
            json!({ "failed": "yes" }),
        ] {
            assert_eq!(line(change.clone()), Line::Malformed, "{change}");
        }
    }

    proptest! {
        #[test]
        fn no_line_panics(text in ".{0,100}", units in any::<f64>(), time in any::<u64>()) {
            let _ = Line::read(&text);
            line(json!({ "read_units": units, "write_units": units, "function_us": time, "memory_mb": time }));
        }
    }
}
