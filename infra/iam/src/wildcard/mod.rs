//! Patterns: texts with wildcards and policy variables.

mod compile;

use crate::context::Keys;
use crate::variables::Variable;

/// What a policy compares an action, a resource or the value of a key with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    pieces: Box<[Piece]>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(Box<str>),
    /// `?`, one character.
    One(Reach),
    /// `*`, any number of characters.
    Any(Reach),
    /// The value of a key, which is literal.
    Variable(Variable, Reach),
}

/// How far a piece may reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// To the next colon: it stands in one of the parts of an ARN before the resource.
    Part,
    /// To the end.
    Whole,
}

/// Whether letters of ASCII are compared with regard to case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    Sensitive,
    Ignored,
}

impl Pattern {
    /// Whether the pattern covers the whole text.
    ///
    /// Takes the text from left to right, and returns to the last `*` when it fails: a `*` before it need not be tried
    /// again, since what it would skip, the later one can skip. That holds for each reach by itself: between two `*`
    /// that stay in different parts stands a colon, which is met in one place only. So there are two places to return
    /// to, and no recursion. The time is that of a search for each text between two `*`.
    pub(crate) fn matches(&self, text: &str, case: Case, keys: &Keys<'_>) -> bool {
        let (mut at, mut rest) = (0, text);
        let (mut in_part, mut in_whole) = (None, None);
        loop {
            match self.pieces.get(at) {
                None if rest.is_empty() => return true,
                None => {}
                Some(Piece::Any(Reach::Whole)) if at + 1 == self.pieces.len() => return true,
                Some(Piece::Any(reach)) => {
                    at += 1;
                    match reach {
                        Reach::Part => in_part = Some((at, rest)),
                        Reach::Whole => (in_part, in_whole) = (None, Some((at, rest))),
                    }
                    continue;
                }
                Some(piece) => {
                    if let Some(remaining) = piece.strip_from(rest, case, keys) {
                        (at, rest) = (at + 1, remaining);
                        continue;
                    }
                }
            }
            in_part = in_part.and_then(|place| self.later(place, Reach::Part, case));
            if in_part.is_none() {
                in_whole = in_whole.and_then(|place| self.later(place, Reach::Whole, case));
            }
            let Some(place) = in_part.or(in_whole) else { return false };
            (at, rest) = place;
        }
    }

    /// The keys of its variables.
    pub(crate) fn variables(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Variable(variable, _) => Some(&*variable.key),
            _ => None,
        })
    }

    /// The next place where what follows a `*` could begin.
    fn later<'t>(&self, place: (usize, &'t str), reach: Reach, case: Case) -> Option<(usize, &'t str)> {
        let (at, text) = place;
        let mut characters = text.chars();
        let skipped = characters.next()?;
        if reach == Reach::Part && skipped == ':' {
            return None;
        }
        let rest = characters.as_str();
        match self.pieces.get(at) {
            Some(Piece::Text(wanted)) if case == Case::Sensitive && reach == Reach::Whole => {
                rest.find(&**wanted).map(|start| (at, &rest[start..]))
            }
            _ => Some((at, rest)),
        }
    }
}

impl Piece {
    /// What is left of the text after this piece, which is not `*`.
    fn strip_from<'t>(&self, text: &'t str, case: Case, keys: &Keys<'_>) -> Option<&'t str> {
        match self {
            Piece::Text(wanted) => strip_prefix(text, wanted, case),
            Piece::One(reach) => {
                let mut characters = text.chars();
                let taken = characters.next()?;
                (*reach == Reach::Whole || taken != ':').then_some(characters.as_str())
            }
            Piece::Variable(variable, reach) => {
                let value = variable.value(keys)?;
                let stays = *reach == Reach::Whole || !value.contains(':');
                stays.then(|| strip_prefix(text, value, case)).flatten()
            }
            Piece::Any(_) => None,
        }
    }
}

fn strip_prefix<'t>(text: &'t str, prefix: &str, case: Case) -> Option<&'t str> {
    match case {
        Case::Sensitive => text.strip_prefix(prefix),
        Case::Ignored => {
            let start = text.get(..prefix.len())?;
            start.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
        }
    }
}

#[cfg(test)]
mod tests;
