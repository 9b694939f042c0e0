//! The template, from which the contract takes routes, rules, queues and functions.

use std::collections::BTreeMap;
use std::path::Path;

use cloud::model::{Function, Stack};

use crate::ContractError;

pub(crate) fn load(path: &Path) -> Result<Stack, ContractError> {
    cloud::template::load(path, cloud::DEFAULT_STACK_NAME, &parameters())
        .map_err(|refusals| ContractError::Template(refusals.to_string()))
}

/// Nothing in the contract depends on parameters, so any valid values do.
fn parameters() -> BTreeMap<String, String> {
    [("MailSender", "no-reply@terrace.example"), ("SignInConcurrency", "10")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
}

pub(crate) fn function<'a>(stack: &'a Stack, logical_id: &str) -> Option<&'a Function> {
    stack.functions.iter().find(|function| function.logical_id == logical_id)
}
