//! Whose partitions the requests to tables have touched, by their verified principals.
//!
//! It notes what policies allow and what they deny alike, and judges nothing.

mod touched;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use self::touched::{Key, of_answer, of_request};
use super::credentials::Caller;
use super::dynamodb::keys::Layout;
use super::failure::Failure;
use crate::model::{Role, Table};

/// Keys of one owner that a principal has touched in one way.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Touch {
    /// The ARN of the session or the user.
    pub principal: String,
    /// The logical id of its role, or who the user is.
    pub role: String,
    /// The tags of the session.
    pub tenant: Option<String>,
    pub class: Option<String>,
    pub action: String,
    /// The logical id of the table.
    pub table: String,
    /// The partition key of the table, or of an index.
    pub attribute: String,
    /// The key up to its second `#`, such as `T#ten_1#`. `None` for a request that names no key.
    pub owner: Option<String>,
    pub way: Way,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// In a request that policies allowed, whether it succeeded or not.
    Asked,
    /// In a request that policies denied.
    Denied,
    /// In an answer: of items, and of what was left unprocessed.
    Answered,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pub touch: Touch,
    pub times: u64,
    /// The first of the keys, whole.
    pub example: String,
}

/// The log keeps only so many kinds of touches, so that it does not grow without limit.
const KEPT: usize = 100_000;

#[derive(Debug)]
pub struct WireLog {
    /// By the names of the tables: their logical ids and layouts.
    tables: HashMap<String, (String, Layout)>,
    /// By their ARNs.
    roles: HashMap<String, String>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    notes: BTreeMap<Touch, (u64, String)>,
    lost: u64,
}

impl WireLog {
    pub(super) fn new(tables: &[Table], roles: &[Role]) -> WireLog {
        let layout =
            |table: &Table| (table.name.clone(), (table.logical_id.clone(), Layout::of(&table.create)));
        WireLog {
            tables: tables.iter().map(layout).collect(),
            roles: roles.iter().map(|role| (role.arn.clone(), role.logical_id.clone())).collect(),
            state: Mutex::default(),
        }
    }

    /// What was noted since the last call, which is forgotten.
    pub fn take(&self) -> Vec<Note> {
        let notes = std::mem::take(&mut self.state().notes);
        notes.into_iter().map(|(touch, (times, example))| Note { touch, times, example }).collect()
    }

    /// How many touches were not noted, because the log was full.
    pub fn lost(&self) -> u64 {
        self.state().lost
    }

    pub(super) fn request(&self, caller: &Caller, action: &str, request: &Value, way: Way) {
        if has_keys(action) {
            self.note(caller, action, way, of_request(request, |table| self.layout(table)));
        }
    }

    pub(super) fn answer(
        &self,
        caller: &Caller,
        action: &str,
        request: &Value,
        answer: &Result<Value, Failure>,
    ) {
        let written: Value;
        let answer = match answer {
            Ok(answer) => answer,
            Err(Failure::Written { body, .. }) => {
                written = serde_json::from_str(body).unwrap_or_default();
                &written
            }
            Err(Failure::Refused { .. }) => return,
        };
        if has_keys(action) {
            self.note(caller, action, Way::Answered, of_answer(request, answer, |table| self.layout(table)));
        }
    }

    fn layout(&self, table: &str) -> Option<&Layout> {
        self.tables.get(last_of(table)).map(|(_, layout)| layout)
    }

    fn note(&self, caller: &Caller, action: &str, way: Way, keys: Vec<Key>) {
        let tags = caller.principal.session_tags().tags();
        let tag = |name: &str| tags.get(name).map(str::to_owned);
        let role = match caller.principal.role_arn() {
            Some(arn) => self.roles.get(arn).map_or_else(|| arn.to_owned(), String::clone),
            None => caller.origin.to_string(),
        };
        for Key { table, attribute, value } in keys {
            let name = last_of(&table);
            let touch = Touch {
                principal: caller.principal.name().to_owned(),
                role: role.clone(),
                tenant: tag("TenantId"),
                class: tag("Access"),
                action: action.to_owned(),
                table: self.tables.get(name).map_or(name, |(logical_id, _)| logical_id).to_owned(),
                attribute,
                owner: value.as_deref().map(owner),
                way,
            };
            self.count(touch, value.unwrap_or_default());
        }
    }

    fn count(&self, touch: Touch, key: String) {
        let mut state = self.state();
        if let Some((times, _)) = state.notes.get_mut(&touch) {
            *times += 1;
        } else if state.notes.len() < KEPT {
            state.notes.insert(touch, (1, key));
        } else {
            state.lost += 1;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Descriptions of tables name no key. An action that is not known does, as far as anyone can tell.
fn has_keys(action: &str) -> bool {
    !matches!(action, "DescribeTable" | "DescribeTimeToLive" | "ListTables")
}

/// A table may be named by its ARN.
fn last_of(table: &str) -> &str {
    table.rsplit('/').next().unwrap_or(table)
}

fn owner(key: &str) -> String {
    key.split_inclusive('#').take(2).collect()
}
