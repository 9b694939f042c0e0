//! One statement of a policy.

use serde_json::Value;

use super::condition::{self, Condition};
use super::error::Problem;
use super::fields::{Fields, texts};
use super::principals::{Naming, Principals};
use super::{Form, Question};
use crate::wildcard::{Case, Pattern};

/// What a statement does to the requests that it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    Allow,
    Deny,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Statement {
    pub(crate) sid: Option<Box<str>>,
    pub(crate) effect: Effect,
    /// `None` in policies of principals, which are about the principal that has them.
    principals: Option<Principals>,
    actions: Selection,
    /// `None` in trust policies, which are about the role that has them.
    resources: Option<Selection>,
    conditions: Box<[Condition]>,
}

/// A list of patterns of which one has to fit, or of which none may.
#[derive(Debug, Clone, PartialEq)]
struct Selection {
    is_negated: bool,
    patterns: Box<[Pattern]>,
}

impl Statement {
    pub(super) fn parse(value: &Value, form: Form) -> Result<Statement, Problem> {
        let mut fields = Fields::of(value, "Statement")?;
        let sid = fields.text("Sid")?.filter(|sid| !sid.is_empty()).map(Into::into);
        let effect = match fields.text("Effect")?.ok_or(Problem::Missing { element: "Effect" })? {
            "Allow" => Effect::Allow,
            "Deny" => Effect::Deny,
            other => return Err(Problem::refused("Effect", other, "is neither Allow nor Deny")),
        };
        let principals = match form {
            Form::Identity => None,
            Form::Resource | Form::Trust => Some(principals(&mut fields, form, effect)?),
        };
        let actions = selection(&mut fields, ["Action", "NotAction"], Pattern::action)?;
        let resources = match form {
            Form::Trust => None,
            Form::Identity | Form::Resource => {
                Some(selection(&mut fields, ["Resource", "NotResource"], Pattern::resource)?)
            }
        };
        let conditions = fields.take("Condition").map(|value| condition::parse(value, effect));
        let conditions = conditions.transpose()?.unwrap_or_default().into_boxed_slice();
        fields.finish()?;
        Ok(Statement { sid, effect, principals, actions, resources, conditions })
    }

    /// How closely the statement names who asks, or `None` if it is not about the request.
    pub(crate) fn applies(&self, question: &Question<'_>) -> Option<Naming> {
        let selects_action = self.actions.selects(question.action, Case::Ignored, question);
        let selects_resource =
            |resources: &Selection| resources.selects(question.resource, Case::Sensitive, question);
        if !selects_action || !self.resources.as_ref().is_none_or(selects_resource) {
            return None;
        }
        let naming = match &self.principals {
            None => Naming::Itself,
            Some(principals) => principals.naming(question.principal, question.is_bounded)?,
        };
        self.conditions.iter().all(|condition| condition.holds(&question.keys)).then_some(naming)
    }

    /// The keys that its conditions and variables read.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        let of_conditions = self
            .conditions
            .iter()
            .flat_map(|condition| std::iter::once(condition.key()).chain(condition.variables()));
        let resources = self.resources.iter().flat_map(|resources| &resources.patterns);
        of_conditions.chain(resources.flat_map(|pattern| pattern.variables()))
    }
}

fn principals(fields: &mut Fields<'_>, form: Form, effect: Effect) -> Result<Principals, Problem> {
    let found = fields.one_of("Principal", "NotPrincipal")?;
    let (is_negated, value) = found.ok_or(Problem::Missing { element: "Principal" })?;
    if is_negated && form == Form::Trust {
        return Err(Problem::UnknownElement { element: "NotPrincipal".to_owned() });
    }
    if is_negated && effect == Effect::Allow {
        let reason = "does not go with NotPrincipal; it would be granted to everyone else";
        return Err(Problem::refused("Effect", "Allow", reason));
    }
    Principals::parse(is_negated, value)
}

fn selection(
    fields: &mut Fields<'_>,
    [element, negation]: [&'static str; 2],
    read: impl Fn(&str) -> Result<Pattern, &'static str>,
) -> Result<Selection, Problem> {
    let (is_negated, value) = fields.one_of(element, negation)?.ok_or(Problem::Missing { element })?;
    let element = if is_negated { negation } else { element };
    let read = |text: String| read(&text).map_err(|reason| Problem::refused(element, text, reason));
    let patterns = texts(value, element)?.into_iter().map(read).collect::<Result<_, _>>()?;
    Ok(Selection { is_negated, patterns })
}

impl Selection {
    fn selects(&self, text: &str, case: Case, question: &Question<'_>) -> bool {
        let fits = self.patterns.iter().any(|pattern| pattern.matches(text, case, &question.keys));
        fits != self.is_negated
    }
}
