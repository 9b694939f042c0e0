//! Percent-encoding in paths.

/// `None` for a broken escape or bytes that are not UTF-8.
pub(crate) fn decode(path: &str) -> Option<String> {
    let mut rest = path.as_bytes();
    let mut decoded = Vec::with_capacity(rest.len());
    while let Some((&byte, after)) = rest.split_first() {
        if byte == b'%' {
            let digits = std::str::from_utf8(after.get(..2)?).ok()?;
            let valid = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
            decoded.push(u8::from_str_radix(digits, 16).ok().filter(|_| valid)?);
            rest = &after[2..];
        } else {
            decoded.push(byte);
            rest = after;
        }
    }
    String::from_utf8(decoded).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_paths_once() {
        assert_eq!(decode("/a%2Fb/%C3%A9+%2525").as_deref(), Some("/a/b/é+%25"));
        for broken in ["/%", "/%2", "/%zz", "/%+1", "/%ff"] {
            assert_eq!(decode(broken), None, "{broken}");
        }
    }
}
