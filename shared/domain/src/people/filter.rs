//! The register's filter, as clients write it.

use serde::{Deserialize, Deserializer};

use super::Criterion;
use crate::InvalidValue;
use crate::rule::{read_text, schema};
use crate::specification::asking::{cannot, matching, searched, time, value};
use crate::specification::{Comparison, LONGEST, Operand, Specification, Term, parse};

const FIELDS: &str = "status, role, createdAt, lastSignInAt, name, email";

/// A filter of users, in a [subset of NQL](crate::specification::parse).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeopleFilter(Specification<Criterion>);

impl PeopleFilter {
    pub fn specification(&self) -> &Specification<Criterion> {
        &self.0
    }
}

impl TryFrom<String> for PeopleFilter {
    type Error = InvalidValue;

    fn try_from(text: String) -> Result<PeopleFilter, InvalidValue> {
        parse(&text, &|term| criterion(term).map(Specification::leaf)).map(PeopleFilter)
    }
}

fn criterion(Term { field, comparison, operand }: Term<'_>) -> Result<Criterion, InvalidValue> {
    match (field, comparison, operand) {
        ("status", Comparison::Is, Operand::Text(text)) => Ok(Criterion::Status(value(field, text)?)),
        ("role", Comparison::Is, Operand::Text(text)) => Ok(Criterion::Role(value(field, text)?)),
        ("createdAt", Comparison::Ordered(order), Operand::Text(text)) => {
            Ok(Criterion::Created(order, time(field, &text)?))
        }
        ("lastSignInAt", Comparison::Ordered(order), Operand::Text(text)) => {
            Ok(Criterion::SignedIn(order, time(field, &text)?))
        }
        ("lastSignInAt", Comparison::Is, Operand::Nothing) => Ok(Criterion::NeverSignedIn),
        ("name", comparison, Operand::Text(text)) => {
            Ok(Criterion::Name(matching(field, comparison)?, searched(field, text)?))
        }
        ("email", comparison, Operand::Text(text)) => {
            Ok(Criterion::Email(matching(field, comparison)?, searched(field, text)?))
        }
        ("status" | "role", ..) => Err(cannot(field, "is a value, as in `status:active`")),
        ("createdAt", ..) => Err(cannot(field, "is before or after a time, as in `createdAt:>=2026-01-01`")),
        ("lastSignInAt", ..) => Err(cannot(field, "is null, or before or after a time")),
        ("name" | "email", ..) => {
            Err(cannot(field, "is a text, has one or begins with one, as in `name:~ada`"))
        }
        _ => Err(format!("must not ask for {field}: the fields are {FIELDS}").into()),
    }
}

impl<'de> Deserialize<'de> for PeopleFilter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<PeopleFilter, D::Error> {
        read_text(deserializer, "must be a string")
    }
}

schema!(
    PeopleFilter,
    schemars::json_schema!({
        "type": "string", "minLength": 1, "maxLength": LONGEST,
        "examples": ["status:active+role:[admin,editor]"],
    })
);
