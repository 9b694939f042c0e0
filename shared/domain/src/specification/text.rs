//! Specifications as clients write them: a subset of NQL, the language of filters in Ghost's API.
//!
//! ```text
//! any     = all *("," all)
//! all     = part *("+" part)
//! part    = "(" any ")" / term
//! term    = field ":" ["-"] ("[" value *("," value) "]" / ["~" / "~^"] value)
//!         / field ":" (">" / ">=" / "<" / "<=") value
//! value   = "null" / 1*bare / "'" *quoted "'"
//! ```
//!
//! In a query string, `+` is a space unless it is written as `%2B`, so a space between two parts means "and" as well.

use std::str::Chars;

use super::{Order, Specification};
use crate::InvalidValue;

/// The number of bytes of the longest text.
pub const LONGEST: usize = 2_000;
/// How deep groups may stand in groups.
pub const NESTED_MOST: usize = 5;
/// How many values a text may compare with.
pub const MOST_LEAVES: usize = 20;

/// A field, how it is compared, and with what: of which a list makes a leaf of its own type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term<'a> {
    pub field: &'a str,
    pub comparison: Comparison,
    pub operand: Operand,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    Is,
    Contains,
    BeginsWith,
    Ordered(Order),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operand {
    /// `null`, without quotes: the field has no value.
    Nothing,
    Text(String),
}

/// Reads a text, of whose terms `leaf` makes leaves, or says which rule of its own they break.
pub fn parse<L>(
    text: &str,
    leaf: &dyn Fn(Term<'_>) -> Result<Specification<L>, InvalidValue>,
) -> Result<Specification<L>, InvalidValue> {
    if text.len() > LONGEST {
        return Err(format!("must be at most {LONGEST} bytes long").into());
    }
    let mut parser = Parser { text, rest: text.chars(), leaf, leaves: 0, nested: 0 };
    let specification = parser.any()?;
    match parser.rest.as_str() {
        "" => Ok(specification),
        _ => Err(parser.expected("`+`, `,` or the end")),
    }
}

struct Parser<'a, L> {
    text: &'a str,
    rest: Chars<'a>,
    leaf: &'a dyn Fn(Term<'_>) -> Result<Specification<L>, InvalidValue>,
    leaves: usize,
    nested: usize,
}

impl<'a, L> Parser<'a, L> {
    fn any(&mut self) -> Result<Specification<L>, InvalidValue> {
        let mut any = self.all()?;
        while self.takes(",") {
            any = any | self.all()?;
        }
        Ok(any)
    }

    fn all(&mut self) -> Result<Specification<L>, InvalidValue> {
        let mut all = self.part()?;
        loop {
            let was_space = self.skip_space();
            let is_end = self.rest.as_str().is_empty() || self.rest.as_str().starts_with([',', ')']);
            if !self.takes("+") && (is_end || !was_space) {
                return Ok(all);
            }
            all = all & self.part()?;
        }
    }

    fn part(&mut self) -> Result<Specification<L>, InvalidValue> {
        self.skip_space();
        if !self.takes("(") {
            return self.term();
        }
        self.nested += 1;
        if self.nested > NESTED_MOST {
            return Err(format!("must not have groups more than {NESTED_MOST} deep in each other").into());
        }
        let group = self.any()?;
        match self.takes(")") {
            true => self.nested -= 1,
            false => return Err(self.expected("`+`, `,` or `)`")),
        }
        Ok(group)
    }

    fn term(&mut self) -> Result<Specification<L>, InvalidValue> {
        let field = self.word(|letter| letter.is_ascii_alphanumeric() || letter == '_' || letter == '.');
        if field.is_empty() || !self.takes(":") {
            return Err(self.expected("a field with `:` and a value"));
        }
        let is_negated = self.takes("-");
        let term = match self.takes("[") {
            true => self.list(field)?,
            false => {
                let comparison = self.comparison(is_negated);
                self.leaf(field, comparison)?
            }
        };
        Ok(if is_negated { !term } else { term })
    }

    fn list(&mut self, field: &'a str) -> Result<Specification<L>, InvalidValue> {
        let mut list = self.leaf(field, Comparison::Is)?;
        while self.takes(",") {
            list = list | self.leaf(field, Comparison::Is)?;
        }
        match self.takes("]") {
            true => Ok(list),
            false => Err(self.expected("`,` or `]`")),
        }
    }

    fn leaf(&mut self, field: &'a str, comparison: Comparison) -> Result<Specification<L>, InvalidValue> {
        let operand = self.operand()?;
        self.leaves += 1;
        if self.leaves > MOST_LEAVES {
            return Err(format!("must not compare with more than {MOST_LEAVES} values").into());
        }
        (self.leaf)(Term { field, comparison, operand })
    }

    /// An order is not negated: it has an opposite.
    fn comparison(&mut self, is_negated: bool) -> Comparison {
        const ORDERS: [(&str, Order); 4] =
            [(">=", Order::AtLeast), (">", Order::Above), ("<=", Order::AtMost), ("<", Order::Below)];
        const TEXTS: [(&str, Comparison); 2] = [("~^", Comparison::BeginsWith), ("~", Comparison::Contains)];
        let orders = ORDERS.map(|(sign, order)| (sign, Comparison::Ordered(order)));
        let orders = orders.into_iter().filter(|_| !is_negated);
        let found = TEXTS.into_iter().chain(orders).find(|(sign, _)| self.takes(sign));
        found.map_or(Comparison::Is, |(_, comparison)| comparison)
    }

    fn operand(&mut self) -> Result<Operand, InvalidValue> {
        if self.takes("'") {
            return self.quoted();
        }
        let word = self.word(|letter| !letter.is_whitespace() && !"'\"\\()[],+<>~".contains(letter));
        match word {
            "" => Err(self.expected("a value, in '…' if it holds more than letters, digits and `.:@_-`")),
            "null" => Ok(Operand::Nothing),
            text => Ok(Operand::Text(text.to_owned())),
        }
    }

    /// The rest of a text in quotes, in which a backslash stands before a quote or another one.
    fn quoted(&mut self) -> Result<Operand, InvalidValue> {
        let mut text = String::new();
        loop {
            match self.rest.next() {
                Some('\'') => return Ok(Operand::Text(text)),
                Some('\\') => match self.rest.next() {
                    Some(escaped @ ('\'' | '\\')) => text.push(escaped),
                    _ => return Err(self.expected("`'` or `\\` behind `\\`")),
                },
                Some(letter) => text.push(letter),
                None => return Err(self.expected("`'`")),
            }
        }
    }

    fn takes(&mut self, sign: &str) -> bool {
        let rest = self.rest.as_str().strip_prefix(sign);
        if let Some(rest) = rest {
            self.rest = rest.chars();
        }
        rest.is_some()
    }

    fn word(&mut self, is_of_it: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest.as_str();
        let (word, rest) = rest.split_at(rest.find(|letter| !is_of_it(letter)).unwrap_or(rest.len()));
        self.rest = rest.chars();
        word
    }

    fn skip_space(&mut self) -> bool {
        let rest = self.rest.as_str();
        let trimmed = rest.trim_start();
        self.rest = trimmed.chars();
        trimmed.len() < rest.len()
    }

    fn expected(&self, what: &str) -> InvalidValue {
        let read = self.text.len() - self.rest.as_str().len();
        let position = self.text[..read].chars().count() + 1;
        format!("must have {what} at character {position}").into()
    }
}
