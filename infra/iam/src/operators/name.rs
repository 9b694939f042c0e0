//! Names of condition operators, such as `ForAllValues:StringNotLikeIfExists`.

use super::{Comparison, Family};
use crate::wildcard::Case;

/// An operator as its name says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Operator {
    pub(crate) family: Family,
    /// Whether none of the policy's values may fit.
    pub(crate) is_negated: bool,
    pub(crate) quantifier: Quantifier,
    pub(crate) if_exists: bool,
}

/// How many of a key's values have to satisfy the operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quantifier {
    /// Without a word about it: the key has one value.
    Single,
    /// `ForAllValues:`
    All,
    /// `ForAnyValue:`
    Any,
}

impl Operator {
    pub(crate) fn parse(name: &str) -> Result<Operator, &'static str> {
        let (quantifier, rest) = match name.split_once(':') {
            Some(("ForAllValues", rest)) => (Quantifier::All, rest),
            Some(("ForAnyValue", rest)) => (Quantifier::Any, rest),
            Some(_) => return Err("has an unknown word before its colon"),
            None => (Quantifier::Single, name),
        };
        let (base, if_exists) = match rest.strip_suffix("IfExists") {
            Some(base) => (base, true),
            None => (rest, false),
        };
        let (family, is_negated) = family(base).ok_or("is not an operator that is known")?;
        if if_exists && family == Family::Null {
            return Err("is not an operator: Null takes no IfExists");
        }
        if quantifier != Quantifier::Single && !family.takes_sets() {
            return Err("is not an operator: sets are compared as strings, ARNs and Booleans alone");
        }
        Ok(Operator { family, is_negated, quantifier, if_exists })
    }
}

/// What an operator compares, and whether it negates.
///
/// AWS: IAM JSON policy elements: Condition operators,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>
fn family(base: &str) -> Option<(Family, bool)> {
    use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual};
    Some(match base {
        "StringEquals" => (Family::Literal(Case::Sensitive), false),
        "StringNotEquals" => (Family::Literal(Case::Sensitive), true),
        "StringEqualsIgnoreCase" => (Family::Literal(Case::Ignored), false),
        "StringNotEqualsIgnoreCase" => (Family::Literal(Case::Ignored), true),
        "StringLike" => (Family::Like, false),
        "StringNotLike" => (Family::Like, true),
        "ArnEquals" | "ArnLike" => (Family::Arn, false),
        "ArnNotEquals" | "ArnNotLike" => (Family::Arn, true),
        "Bool" => (Family::Bool, false),
        "NumericEquals" => (Family::Number(Equal), false),
        "NumericNotEquals" => (Family::Number(Equal), true),
        "NumericLessThan" => (Family::Number(Less), false),
        "NumericLessThanEquals" => (Family::Number(LessOrEqual), false),
        "NumericGreaterThan" => (Family::Number(Greater), false),
        "NumericGreaterThanEquals" => (Family::Number(GreaterOrEqual), false),
        "DateEquals" => (Family::Date(Equal), false),
        "DateNotEquals" => (Family::Date(Equal), true),
        "DateLessThan" => (Family::Date(Less), false),
        "DateLessThanEquals" => (Family::Date(LessOrEqual), false),
        "DateGreaterThan" => (Family::Date(Greater), false),
        "DateGreaterThanEquals" => (Family::Date(GreaterOrEqual), false),
        "IpAddress" => (Family::Network, false),
        "NotIpAddress" => (Family::Network, true),
        "Null" => (Family::Null, false),
        _ => return None,
    })
}
