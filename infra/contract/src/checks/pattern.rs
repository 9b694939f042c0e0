//! Patterns of texts. A pattern is closed if it matches whole texts and lists the characters that may stand in them,
//! none of which separates words or makes an address.

use std::iter::Peekable;
use std::str::Chars;

/// What is not known to be closed counts as open.
pub(super) fn is_closed(pattern: &str) -> bool {
    let whole = pattern.strip_prefix('^').and_then(|rest| rest.strip_suffix('$'));
    whole.is_some_and(|whole| Reader { rest: whole.chars().peekable(), depth: 0 }.reads_all())
}

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
    /// Of the parentheses.
    depth: u32,
}

impl Reader<'_> {
    fn reads_all(&mut self) -> bool {
        while let Some(next) = self.rest.next() {
            if !self.reads(next) {
                return false;
            }
        }
        self.depth == 0
    }

    fn reads(&mut self, next: char) -> bool {
        match next {
            '\\' => self.reads_escape(),
            '[' => self.reads_class(),
            '(' => {
                self.depth += 1;
                // What else begins so changes how the rest is read.
                self.rest.next_if_eq(&'?').is_none() || self.rest.next_if_eq(&':').is_some()
            }
            ')' if self.depth > 0 => {
                self.depth -= 1;
                true
            }
            // Outside of parentheses, it parts the `^` from the `$`, and no side matches whole texts.
            '|' => self.depth > 0,
            '.' | ')' => false,
            other => is_listed(other),
        }
    }

    /// Dialects do not agree on what `\w` is, and other escapes name a character by its number or are white space.
    fn reads_escape(&mut self) -> bool {
        self.rest
            .next()
            .is_some_and(|escaped| escaped == 'd' || escaped.is_ascii_punctuation() && escaped != '@')
    }

    fn reads_class(&mut self) -> bool {
        if self.rest.peek() == Some(&'^') {
            return false;
        }
        let mut last = None;
        while let Some(next) = self.rest.next() {
            let is_range = next == '-' && last.is_some() && self.rest.peek() != Some(&']');
            let is_read = match (next, last) {
                (']', _) => return true,
                ('[', _) => false,
                ('\\', _) => self.reads_escape(),
                (_, Some(first)) if is_range => self.rest.next().is_some_and(|end| is_part(first, end)),
                (other, _) => is_listed(other),
            };
            if !is_read {
                return false;
            }
            last = (!is_range).then_some(next);
        }
        false
    }
}

fn is_listed(character: char) -> bool {
    character.is_ascii_graphic() && character != '@'
}

/// Whether the range is a part of `a-z`, `A-Z` or `0-9`. Others hold more than their ends show.
fn is_part(first: char, last: char) -> bool {
    let kinds = [char::is_ascii_lowercase, char::is_ascii_uppercase, char::is_ascii_digit];
    kinds.iter().any(|is_of_kind| is_of_kind(&first) && is_of_kind(&last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_pattern_lists_what_may_stand_there() {
        for pattern in [
            "^ord_[0-9a-f]{32}$",
            r"^\d{4}-\d\d\.[a-z]$",
            "^[a-z.]+$",
            "^(EUR|USD)$",
            "^(?:EUR|(USD|GBP))?$",
            r"^[a-z][A-Za-z]*\.[a-z][A-Za-z]*$",
            "^00-[0-9a-f]{32}-0[01]$",
            r"^[-_|]?[\d-]+[A-F\.-]+$",
        ] {
            assert!(is_closed(pattern), "{pattern}");
        }
    }

    #[test]
    fn an_open_pattern_lets_sentences_or_addresses_pass() {
        for pattern in [
            // Parts of texts.
            "[a-z]+",
            "^[a-z]+",
            r"^[a-z]+\$",
            "^EUR|USD$",
            "^(EUR)|(USD)$",
            "^EUR)|(USD$",
            "^(EUR$",
            // Whatever is not excluded.
            "^.+$",
            r"^[^\n]*$",
            r"^\S+$",
            r"^\W+$",
            r"^\p{L}+$",
            "^[^[a-z]]$",
            "^(?s:a)$",
            "^[a-z$",
            // Several words.
            r"^[\w\s]+$",
            r"^\w+$",
            r"^a\sb$",
            "^[A-Za-z ]+$",
            "^[a-z\t]+$",
            "^[a-z]+ [a-z]+$",
            "^[a-zäöü]+$",
            // Addresses.
            "^[a-z]+@[a-z]+$",
            r"^[a-z]+\@[a-z]+$",
            "^[!-~]+$",
            "^[ -~]+$",
            "^[A-z]+$",
            "^[0-z]+$",
            r"^[\.-a]+$",
            r"^[a-z]+\x40[a-z]+$",
            r"^[\u0000-z]+$",
            "^[[:print:]]+$",
        ] {
            assert!(!is_closed(pattern), "{pattern}");
        }
    }
}
