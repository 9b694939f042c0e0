//! Policy documents.

mod condition;
mod error;
mod fields;
mod principals;
mod statement;

use std::collections::BTreeSet;

use serde_json::Value;

pub use error::{ParseError, Problem};
use fields::{Fields, malformed};
pub(crate) use principals::Naming;
pub(crate) use statement::{Effect, Statement};

use crate::context::Keys;
use crate::principal::Principal;

/// A policy of a principal: one that grants it something, its boundary, or that of its session.
///
/// It names no principal.
#[derive(Debug, Clone, PartialEq)]
pub struct IdentityPolicy(Document);

/// A policy of a resource. It says to whom it grants something.
#[derive(Debug, Clone, PartialEq)]
pub struct ResourcePolicy {
    document: Document,
    kind: ResourceKind,
}

/// What a policy is attached to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResourceKind {
    /// A table, a queue, a function and others. Within an account, either this policy or one of the principal may
    /// allow a request.
    Ordinary,
    /// A key of KMS. Policies of principals count as far as the key's policy gives them to the account.
    ///
    /// AWS: Key policies in AWS KMS, <https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html>
    Key,
    /// A role, whose policy says who may assume it. It has no `Resource`: that is the role. Like a key's policy, it
    /// has to allow.
    Role,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Document {
    pub(crate) name: Box<str>,
    pub(crate) statements: Box<[Statement]>,
}

/// Which elements a document has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Identity,
    Resource,
    Trust,
}

/// A request, as statements look at it.
pub(crate) struct Question<'a> {
    pub(crate) principal: &'a Principal,
    pub(crate) action: &'a str,
    pub(crate) resource: &'a str,
    pub(crate) keys: Keys<'a>,
    /// Whether the principal has a permissions boundary.
    pub(crate) is_bounded: bool,
}

impl IdentityPolicy {
    /// Reads a document of version 2012-10-17. The name is for messages.
    pub fn parse(name: &str, document: &Value) -> Result<IdentityPolicy, ParseError> {
        Document::parse(name, document, Form::Identity).map(IdentityPolicy)
    }

    /// The name that it was given.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The condition keys that it reads, in lower case: whoever asks has to be able to fill them in.
    pub fn keys(&self) -> BTreeSet<&str> {
        self.0.keys()
    }

    pub(crate) fn document(&self) -> &Document {
        &self.0
    }
}

impl ResourcePolicy {
    /// Reads a document of version 2012-10-17. The name is for messages.
    pub fn parse(name: &str, kind: ResourceKind, document: &Value) -> Result<ResourcePolicy, ParseError> {
        let form = if kind == ResourceKind::Role { Form::Trust } else { Form::Resource };
        Ok(ResourcePolicy { document: Document::parse(name, document, form)?, kind })
    }

    /// The name that it was given.
    pub fn name(&self) -> &str {
        &self.document.name
    }

    /// What it is attached to.
    pub fn kind(&self) -> ResourceKind {
        self.kind
    }

    /// The condition keys that it reads, in lower case: whoever asks has to be able to fill them in.
    pub fn keys(&self) -> BTreeSet<&str> {
        self.document.keys()
    }

    pub(crate) fn document(&self) -> &Document {
        &self.document
    }
}

impl Document {
    fn parse(name: &str, value: &Value, form: Form) -> Result<Document, ParseError> {
        let at = |place: String| move |problem| ParseError { policy: name.to_owned(), place, problem };
        let items = outer(value, form).map_err(at("document".to_owned()))?;
        let mut statements = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let sid = item.get("Sid").and_then(Value::as_str).filter(|sid| !sid.is_empty());
            let place = sid.map_or(format!("statement {}", index + 1), |sid| format!("statement {sid}"));
            statements.push(Statement::parse(item, form).map_err(at(place))?);
        }
        sids(&statements, form).map_err(at("document".to_owned()))?;
        Ok(Document { name: name.into(), statements: statements.into() })
    }

    fn keys(&self) -> BTreeSet<&str> {
        self.statements.iter().flat_map(Statement::keys).collect()
    }
}

/// Reads what stands around the statements.
fn outer(value: &Value, form: Form) -> Result<&[Value], Problem> {
    let mut fields = Fields::of(value, "the document")?;
    match fields.text("Version")?.ok_or(Problem::Missing { element: "Version" })? {
        "2012-10-17" => {}
        other => return Err(Problem::refused("Version", other, "is not 2012-10-17")),
    }
    if form != Form::Identity {
        fields.text("Id")?;
    }
    let statements = match fields.take("Statement").ok_or(Problem::Missing { element: "Statement" })? {
        Value::Array(items) if !items.is_empty() => items.as_slice(),
        single @ Value::Object(_) => std::slice::from_ref(single),
        _ => return Err(malformed("Statement", "a statement, or a list of them")),
    };
    fields.finish()?;
    Ok(statements)
}

/// A `Sid` is unique, and in IAM's own policies it consists of letters and digits.
fn sids(statements: &[Statement], form: Form) -> Result<(), Problem> {
    let mut seen = BTreeSet::new();
    for sid in statements.iter().filter_map(|statement| statement.sid.as_deref()) {
        if !seen.insert(sid) {
            return Err(Problem::refused("Sid", sid, "is that of another statement too"));
        }
        if form != Form::Resource && !sid.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(Problem::refused("Sid", sid, "has other characters than letters and digits"));
        }
    }
    Ok(())
}
