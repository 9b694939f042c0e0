//! EventBridge: events, the rules that match them, and the queues that the rules send to.

mod entry;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

use self::entry::{Accepted, Entry, Refused};
use super::failure::Failure;
use super::faults::{Aftermath, Effect};
use super::queues::protocol::is_group;
use super::queues::{NewMessage, Queues};
use crate::model::{ACCOUNT, MessageGroup, REGION, RuleTarget, Stack};
use crate::pattern::{Dialect, Pattern, PatternError};

const MAX_ENTRIES: usize = 10;
/// Of all entries together.
const MAX_BYTES: usize = 1_048_576;
const RECENT: usize = 200;

#[derive(Debug, Clone, PartialEq)]
pub struct RecentEvent {
    /// The whole event, as the rules get it.
    pub event: Value,
    /// The names of the queues that got it.
    pub queues: Vec<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum RuleError {
    #[error("{rule}: its event pattern is not supported here: {reason}")]
    Pattern { rule: String, reason: PatternError },
    #[error("{rule}: its target {arn} is no queue of the template")]
    Target { rule: String, arn: String },
}

pub(crate) struct Bus {
    stack: Arc<Stack>,
    queues: Arc<Queues>,
    rules: Vec<CompiledRule>,
    /// The JSON of events, with the names of the queues that got them.
    recent: Mutex<VecDeque<(String, Vec<String>)>>,
}

struct CompiledRule {
    bus_arn: String,
    pattern: Pattern,
    targets: Vec<RuleTarget>,
}

impl Bus {
    pub(crate) fn open(stack: Arc<Stack>, queues: Arc<Queues>) -> Result<Bus, RuleError> {
        let rules = stack.rules.iter().map(|rule| compile(rule, &queues)).collect::<Result<_, _>>()?;
        Ok(Bus { stack, queues, rules, recent: Mutex::default() })
    }

    pub(crate) fn recent(&self) -> Vec<RecentEvent> {
        let recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let shown = |(json, queues): &(String, Vec<String>)| RecentEvent {
            event: serde_json::from_str(json).unwrap_or_default(),
            queues: queues.clone(),
        };
        recent.iter().map(shown).collect()
    }

    /// Returns once the messages of every matched queue are committed.
    pub(crate) async fn put(&self, body: &[u8], faults: &Aftermath) -> Result<Value, Failure> {
        let entries = read(body)?;
        let is_answered = |entry: &&Entry| !faults.strikes(Effect::ShortAnswer, entry.detail_type());
        let accepted: Vec<_> =
            entries.iter().filter(is_answered).map(|entry| self.accept(entry, faults)).collect();
        let mut messages = Vec::new();
        let mut published = Vec::new();
        for event in accepted.iter().flatten() {
            let targets = self.matched_targets(event);
            published.push((event.json.clone(), self.names(&targets)));
            messages.extend(targets.iter().map(|target| message(target, event)));
        }
        self.queues.send(messages).await?;
        self.remember(published);
        Ok(answer(&accepted))
    }

    fn accept(&self, entry: &Entry, faults: &Aftermath) -> Result<Accepted, Refused> {
        if faults.strikes(Effect::RefuseEntries, entry.detail_type()) {
            return Err(Refused { code: "InternalFailure", message: "refused on purpose".into() });
        }
        entry::accept(entry, &self.stack)
    }

    fn matched_targets(&self, event: &Accepted) -> Vec<&RuleTarget> {
        self.rules
            .iter()
            .filter(|rule| {
                Some(&rule.bus_arn) == event.bus_arn.as_ref() && rule.pattern.matches(event.json.as_bytes())
            })
            .flat_map(|rule| &rule.targets)
            .collect()
    }

    fn names(&self, targets: &[&RuleTarget]) -> Vec<String> {
        let queues = targets.iter().filter_map(|target| self.queues.by_arn(&target.queue_arn));
        queues.map(|queue| queue.name.clone()).collect()
    }

    fn remember(&self, events: Vec<(String, Vec<String>)>) {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        recent.extend(events);
        let surplus = recent.len().saturating_sub(RECENT);
        recent.drain(..surplus);
    }
}

fn compile(rule: &crate::model::Rule, queues: &Queues) -> Result<CompiledRule, RuleError> {
    let name = || rule.logical_id.clone();
    let pattern = Pattern::compile(&rule.pattern, Dialect::Rule)
        .map_err(|reason| RuleError::Pattern { rule: name(), reason })?;
    let mut arns = rule.targets.iter().map(|target| &target.queue_arn);
    if let Some(arn) = arns.find(|arn| queues.by_arn(arn).is_none()) {
        return Err(RuleError::Target { rule: name(), arn: arn.clone() });
    }
    Ok(CompiledRule { bus_arn: rule.bus_arn.clone(), pattern, targets: rule.targets.clone() })
}

fn read(body: &[u8]) -> Result<Vec<Entry>, Failure> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "PascalCase", deny_unknown_fields)]
    struct PutEvents {
        entries: Vec<Entry>,
    }
    let PutEvents { entries } = serde_json::from_slice(body).map_err(|error| Failure::unreadable(&error))?;
    if entries.is_empty() || entries.len() > MAX_ENTRIES {
        let message = format!(
            "1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length between 1 and {MAX_ENTRIES}"
        );
        return Err(Failure::refused("ValidationException", message));
    }
    if entries.iter().map(Entry::size).sum::<usize>() > MAX_BYTES {
        return Err(Failure::refused(
            "ValidationException",
            "Total size of the entries in the request is over the limit.",
        ));
    }
    Ok(entries)
}

/// The template's buses, and the account's own, in the order of their names.
pub(crate) fn list(stack: &Stack, body: &[u8]) -> Result<Value, Failure> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "PascalCase", deny_unknown_fields)]
    struct ListEventBuses {
        #[serde(default)]
        name_prefix: String,
    }
    let ListEventBuses { name_prefix } =
        serde_json::from_slice(body).map_err(|error| Failure::unreadable(&error))?;
    let own = format!("arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default");
    let mut buses: Vec<(&str, &str)> = stack.buses.iter().map(|bus| (&*bus.name, &*bus.arn)).collect();
    buses.push(("default", &own));
    buses.sort_unstable();
    let named = buses.iter().filter(|(name, _)| name.starts_with(&name_prefix));
    let shown: Vec<Value> = named.map(|(name, arn)| json!({ "Name": name, "Arn": arn })).collect();
    Ok(json!({ "EventBuses": shown }))
}

/// The keys by which faults meet a request; none if it is malformed.
pub(crate) fn detail_types(body: &[u8]) -> Vec<String> {
    let request: Value = serde_json::from_slice(body).unwrap_or_default();
    let entries = request["Entries"].as_array().into_iter().flatten();
    entries.filter_map(|entry| entry["DetailType"].as_str()).map(str::to_owned).collect()
}

fn message(target: &RuleTarget, event: &Accepted) -> NewMessage {
    NewMessage {
        group: target.group.as_ref().and_then(|group| group_of(group, &event.json)),
        queue_arn: target.queue_arn.clone(),
        body: event.json.clone(),
        attributes: Default::default(),
        delay: Duration::ZERO,
    }
}

/// An event without such a text has no group, and so has one that SQS would refuse as a group.
fn group_of(group: &MessageGroup, event: &str) -> Option<String> {
    let group = match group {
        MessageGroup::Same(group) => group.clone(),
        MessageGroup::Field(path) => {
            let event: Value = serde_json::from_str(event).ok()?;
            path.iter().try_fold(&event, |value, field| value.get(field))?.as_str()?.to_owned()
        }
    };
    is_group(&group).then_some(group)
}

fn answer(accepted: &[Result<Accepted, Refused>]) -> Value {
    let entries: Vec<Value> = accepted
        .iter()
        .map(|entry| match entry {
            Ok(event) => json!({"EventId": event.id}),
            Err(refused) => json!({"ErrorCode": refused.code, "ErrorMessage": refused.message}),
        })
        .collect();
    let failed = accepted.iter().filter(|entry| entry.is_err()).count();
    json!({"FailedEntryCount": failed, "Entries": entries})
}
