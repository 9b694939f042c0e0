//! What condition operators do with the values of a key.

mod date;
mod name;
mod network;
mod number;

use std::cmp::Ordering;

use crate::context::Keys;
use crate::wildcard::{Case, Pattern};
use date::Date;
pub(crate) use name::{Operator, Quantifier};
use network::Network;
use number::Number;

/// A comparison with the values that a policy lists, of which one has to fit.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Test {
    Text(Box<[Pattern]>, Case),
    Number(Box<[Number]>, Comparison),
    Date(Box<[Date]>, Comparison),
    Bool(Box<[bool]>),
    Network(Box<[Network]>),
    /// Whether the key has to be missing.
    Null(bool),
}

/// How the value of the key relates to that of the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// What an operator's values are, by which they are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    /// `StringEquals`, with regard to case or without.
    Literal(Case),
    /// `StringLike`.
    Like,
    Arn,
    Number(Comparison),
    Date(Comparison),
    Bool,
    Network,
    Null,
}

impl Family {
    /// Whether `ForAllValues:` and `ForAnyValue:` are documented for it.
    pub(crate) fn takes_sets(self) -> bool {
        matches!(self, Family::Literal(_) | Family::Like | Family::Arn | Family::Bool)
    }

    /// Reads the values of a policy, or says what is wrong with one of them.
    pub(crate) fn read(self, values: &[String]) -> Result<Test, (String, &'static str)> {
        Ok(match self {
            Family::Literal(case) => Test::Text(each(values, Pattern::literal)?, case),
            Family::Like => Test::Text(each(values, Pattern::like)?, Case::Sensitive),
            Family::Arn => Test::Text(each(values, Pattern::arn)?, Case::Sensitive),
            Family::Number(comparison) => Test::Number(each(values, Number::parse)?, comparison),
            Family::Date(comparison) => Test::Date(each(values, Date::parse)?, comparison),
            Family::Bool => Test::Bool(each(values, boolean)?),
            Family::Network => Test::Network(each(values, Network::parse)?),
            Family::Null => match each(values, boolean)?.as_ref() {
                [missing] => Test::Null(*missing),
                _ => return Err((values.join(", "), "is more than one value for Null")),
            },
        })
    }
}

fn each<T>(
    values: &[String],
    read: impl Fn(&str) -> Result<T, &'static str>,
) -> Result<Box<[T]>, (String, &'static str)> {
    values.iter().map(|value| read(value).map_err(|reason| (value.clone(), reason))).collect()
}

fn boolean(text: &str) -> Result<bool, &'static str> {
    if text.eq_ignore_ascii_case("true") {
        Ok(true)
    } else if text.eq_ignore_ascii_case("false") {
        Ok(false)
    } else {
        Err("is neither true nor false")
    }
}

impl Test {
    /// Whether a value of the key fits one value of the policy. A value that cannot be read as what the operator
    /// compares fits none.
    pub(crate) fn fits(&self, value: &str, keys: &Keys<'_>) -> bool {
        match self {
            Test::Text(patterns, case) => patterns.iter().any(|pattern| pattern.matches(value, *case, keys)),
            Test::Number(numbers, comparison) => Number::parse(value)
                .is_ok_and(|value| numbers.iter().any(|number| comparison.holds(value.cmp(number)))),
            Test::Date(dates, comparison) => Date::parse(value)
                .is_ok_and(|value| dates.iter().any(|date| comparison.holds(value.cmp(date)))),
            Test::Bool(wanted) => boolean(value).is_ok_and(|value| wanted.contains(&value)),
            Test::Network(networks) => {
                value.parse().is_ok_and(|address| networks.iter().any(|network| network.contains(address)))
            }
            Test::Null(missing) => *missing == value.is_empty(),
        }
    }
}

impl Comparison {
    fn holds(self, order: Ordering) -> bool {
        match self {
            Comparison::Equal => order.is_eq(),
            Comparison::Less => order.is_lt(),
            Comparison::LessOrEqual => order.is_le(),
            Comparison::Greater => order.is_gt(),
            Comparison::GreaterOrEqual => order.is_ge(),
        }
    }
}
