//! What a user has signed in with, by the `User-Agent` of the request.
//!
//! Browsers name each other there, so the order of the rules below counts: the first product that is named is the
//! browser's own. What no rule knows, such as a client of another kind, is shown as it has named itself.

use crate::text::Device;

const LONGEST: usize = 200;
/// How the header of every browser begins.
const BROWSER: &str = "Mozilla/5.0 (";

/// What Chrome and Safari name as well comes before them.
const BROWSERS: &[(&str, &str)] = &[
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

/// Android and ChromeOS name Linux as well, and iPhones name macOS.
const SYSTEMS: &[(&str, &str)] = &[
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows NT", "Windows"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
];

impl Device {
    /// "Firefox on Windows" for a browser that is known, and otherwise the header's printable ASCII, of which at most 200
    /// characters. `None` if there is none.
    pub fn from_user_agent(header: &str) -> Option<Device> {
        let text = browser_on_system(header).unwrap_or_else(|| cleaned(header));
        Device::try_from(text).ok()
    }
}

fn browser_on_system(header: &str) -> Option<String> {
    let (system, products) = header.strip_prefix(BROWSER)?.split_once(')')?;
    let named = |text: &str, rules: &[(&str, &'static str)]| {
        rules.iter().find(|(sign, _)| text.contains(sign)).map(|(_, name)| *name)
    };
    Some(format!("{} on {}", named(products, BROWSERS)?, named(system, SYSTEMS)?))
}

/// Other characters could hide or turn round what is beside them, where the text is shown.
fn cleaned(header: &str) -> String {
    let printable = header.chars().filter(|character| (' '..='~').contains(character));
    let text: String = printable.skip_while(|character| *character == ' ').take(LONGEST).collect();
    text.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(header: &str) -> Option<String> {
        Device::from_user_agent(header).map(|device| device.as_str().to_owned())
    }

    #[test]
    fn known_browsers_have_a_name_and_a_system() {
        let webkit = "AppleWebKit/537.36 (KHTML, like Gecko)";
        let (windows, mac) = ("Windows NT 10.0; Win64; x64", "Macintosh; Intel Mac OS X 10_15_7");
        let iphone = "iPhone; CPU iPhone OS 18_7 like Mac OS X";
        for (system, products, expected) in [
            (
                "Windows NT 10.0; Win64; x64; rv:145.0",
                "Gecko/20100101 Firefox/145.0".to_owned(),
                "Firefox on Windows",
            ),
            (windows, format!("{webkit} Chrome/142.0.0.0 Safari/537.36"), "Chrome on Windows"),
            (windows, format!("{webkit} Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0"), "Edge on Windows"),
            (mac, format!("{webkit} Chrome/142.0.0.0 Safari/537.36 OPR/124.0.0.0"), "Opera on macOS"),
            (
                mac,
                "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15".to_owned(),
                "Safari on macOS",
            ),
            (iphone, format!("{webkit} Version/26.0 Mobile/15E148 Safari/604.1"), "Safari on iPhone"),
            (iphone, format!("{webkit} CriOS/142.0.7444.77 Mobile/15E148 Safari/604.1"), "Chrome on iPhone"),
            (
                "iPad; CPU OS 18_7 like Mac OS X",
                format!("{webkit} FxiOS/145.0 Safari/605.1.15"),
                "Firefox on iPad",
            ),
            (
                "Linux; Android 10; K",
                format!("{webkit} Chrome/142.0.0.0 Mobile Safari/537.36"),
                "Chrome on Android",
            ),
            (
                "Linux; Android 10; K",
                format!("{webkit} SamsungBrowser/29.0 Chrome/136.0.0.0 Mobile Safari/537.36"),
                "Samsung Internet on Android",
            ),
            (
                "X11; CrOS x86_64 14541.0.0",
                format!("{webkit} Chrome/142.0.0.0 Safari/537.36"),
                "Chrome on ChromeOS",
            ),
            ("X11; Linux x86_64; rv:145.0", "Gecko/20100101 Firefox/145.0".to_owned(), "Firefox on Linux"),
        ] {
            assert_eq!(device(&format!("Mozilla/5.0 ({system}) {products}")).as_deref(), Some(expected));
        }
    }

    #[test]
    fn other_clients_are_shown_as_they_name_themselves() {
        for header in [
            "curl/8.9.1",
            "okhttp/4.12.0",
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "Firefox/145.0 on Windows NT",
            "<script>alert(1)</script>",
        ] {
            assert_eq!(device(header).as_deref(), Some(header));
        }
    }

    #[test]
    fn what_cannot_be_printed_or_is_too_long_is_left_out() {
        assert_eq!(device(&"x".repeat(10_000)), Some("x".repeat(200)));
        assert_eq!(device(&format!("  {} {}", "x".repeat(199), "y".repeat(9))), Some("x".repeat(199)));
        assert_eq!(device("a\r\nb\t\u{0}c\u{1b}[31m\u{7f}").as_deref(), Some("abc[31m"));
        assert_eq!(device("app\u{202e}\u{200b} 🦀 1.0 ä").as_deref(), Some("app  1.0"));
        for nothing in ["", "   ", "🦀🦀", "\u{0}\u{7f}", "\u{202e}", " \u{a0} "] {
            assert_eq!(device(nothing), None, "{nothing:?}");
        }
    }

    #[test]
    fn what_is_read_back_keeps_the_rule() {
        for refused in ["", " a", "a ", "a\u{0}", "ä", &"x".repeat(201)] {
            assert!(Device::try_from(refused.to_owned()).is_err(), "{refused:?}");
        }
        assert_eq!(format!("{:?}", Device::from_user_agent("curl/8.9.1").unwrap()), "Device(…)");
    }
}
