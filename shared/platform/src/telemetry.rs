//! Log lines as JSON on standard output, where Lambda collects them.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};

static COLD: AtomicBool = AtomicBool::new(true);

pub(crate) fn init() {
    let subscriber = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_target(false)
        .with_max_level(tracing::Level::INFO)
        .finish();
    // This fails only where another test of the process has set a subscriber.
    let _ = tracing::subscriber::set_global_default(subscriber);
}

/// The function's name in Lambda; empty outside of it.
pub(crate) fn function_name() -> &'static str {
    static NAME: LazyLock<String> =
        LazyLock::new(|| std::env::var("AWS_LAMBDA_FUNCTION_NAME").unwrap_or_default());
    &NAME
}

/// Whether this is the first invocation of the process: true for the first call, false for all later ones.
pub(crate) fn take_cold_start() -> bool {
    COLD.swap(false, Ordering::Relaxed)
}

/// Converts Lambda's X-Ray trace header to a W3C `traceparent`, which events carry to their consumers. `None`
/// for a header that is missing or malformed.
pub(crate) fn traceparent(xray: Option<&str>) -> Option<String> {
    let (mut trace, mut span, mut sampled) = (None, None, "00");
    for part in xray?.split(';') {
        match part.split_once('=')? {
            ("Root", root) => trace = root.strip_prefix("1-").map(|root| root.replace('-', "")),
            ("Parent", parent) => span = Some(parent),
            ("Sampled", "1") => sampled = "01",
            _ => {}
        }
    }
    let (trace, span) = (trace?, span?);
    let hex = |text: &str, length| text.len() == length && text.bytes().all(|b| b.is_ascii_hexdigit());
    (hex(&trace, 32) && hex(span, 16)).then(|| format!("00-{trace}-{span}-{sampled}"))
}

#[cfg(test)]
mod tests {
    use super::traceparent;

    #[test]
    fn an_xray_header_becomes_a_traceparent() {
        let header = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
        assert_eq!(
            traceparent(Some(header)).as_deref(),
            Some("00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01")
        );
        assert_eq!(traceparent(Some("Root=1-x;Parent=y")), None);
        assert_eq!(traceparent(Some("nonsense")), None);
        assert_eq!(traceparent(None), None);
    }
}
