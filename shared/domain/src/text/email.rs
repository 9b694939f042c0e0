//! The form of e-mail addresses.

use crate::rule::InvalidValue;

/// Accepts the addresses that mail systems accept in practice: a dot-string of RFC 5321 at a domain with a
/// dot, without quoted local parts, comments and address literals.
pub(super) fn email(text: &str) -> Result<(), InvalidValue> {
    let valid = text.rsplit_once('@').is_some_and(|(local, domain)| {
        local.len() <= 64
            && local.split('.').all(is_atom)
            && domain.contains('.')
            && domain.split('.').all(is_domain_label)
    });
    if valid { Ok(()) } else { Err(InvalidValue::new("must be an e-mail address like name@example.com")) }
}

/// The part behind the `@`, as addresses keep it.
pub(super) fn domain(text: &str) -> Result<(), InvalidValue> {
    match text.contains('.') && text.split('.').all(is_domain_label) {
        true => Ok(()),
        false => Err(InvalidValue::new("must be the domain of e-mail addresses like example.com")),
    }
}

fn is_atom(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(is_atom_byte)
}

fn is_atom_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)
}

fn is_domain_label(text: &str) -> bool {
    (1..=63).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}
