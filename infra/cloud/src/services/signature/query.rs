//! The query in the one form that signatures have.

use super::encode;

/// Ordered by the names and not by the lines, of which `a-b=` would come before `a=`.
pub(super) fn canonical(query: &str) -> String {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let mut pairs: Vec<(String, String)> = pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (reencode(name), reencode(value)))
        .collect();
    pairs.sort_unstable();
    pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

/// A part of a query in the one form that signatures have, whatever it was sent in. It goes by bytes, so that no two
/// that are no UTF-8 are taken for one.
fn reencode(part: &str) -> String {
    let (mut bytes, mut rest) = (Vec::with_capacity(part.len()), part.as_bytes());
    while let Some((&byte, after)) = rest.split_first() {
        let escaped = after.get(..2).filter(|_| byte == b'%').and_then(|digits| {
            let digit = |digit: u8| char::from(digit).to_digit(16);
            u8::try_from(digit(digits[0])? * 16 + digit(digits[1])?).ok()
        });
        bytes.push(escaped.unwrap_or(if byte == b'+' { b' ' } else { byte }));
        rest = if escaped.is_some() { &after[2..] } else { after };
    }
    encode(&bytes, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_has_one_form_and_its_bytes_stay() {
        for (sent, expected) in [
            ("", ""),
            ("b=2&a=1&a=0", "a=0&a=1&b=2"),
            ("a", "a="),
            ("a&&b=", "a=&b="),
            ("a=1=2", "a=1%3D2"),
            ("%61=x%2fy", "a=x%2Fy"),
            ("a=b+c%20d%2B", "a=b%20c%20d%2B"),
            ("a=x@y:z", "a=x%40y%3Az"),
            ("a=%FF", "a=%FF"),
            ("a=%fe%e9", "a=%FE%E9"),
            ("a=100%&b=%zz&c=%4", "a=100%25&b=%25zz&c=%254"),
        ] {
            assert_eq!(canonical(sent), expected, "{sent}");
        }
    }
}
