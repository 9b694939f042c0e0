//! Parses YAML with CloudFormation's tags into a tree with the line of every key and value.
//!
//! It reads the parser's events, since a loader would stop at the first repeated key and would
//! turn `"2.0"` and `2.0` into the same number.

use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};

use super::refusal::Report;

#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) line: usize,
    pub(super) value: Value,
}

#[derive(Debug, Clone)]
pub(super) enum Value {
    Null,
    /// A plain scalar may mean a number or a boolean; a quoted one is text.
    Scalar {
        text: String,
        plain: bool,
    },
    List(Vec<Node>),
    Map(Vec<Entry>),
    /// Either of the two forms `!Sub x` and `{"Fn::Sub": x}`.
    Intrinsic {
        name: String,
        argument: Box<Node>,
    },
    /// The value has been refused already, so its readers report nothing more.
    Invalid,
}

#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) line: usize,
    pub(super) node: Node,
}

impl Node {
    pub(super) fn text(line: usize, text: impl Into<String>) -> Node {
        Node { line, value: Value::Scalar { text: text.into(), plain: false } }
    }

    pub(super) fn invalid(line: usize) -> Node {
        Node { line, value: Value::Invalid }
    }

    pub(super) fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        self.entries().iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    pub(super) fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }
}

/// The file's single document, or `None` when it is not YAML.
pub(super) fn parse(text: &str, report: &Report<'_>) -> Option<Node> {
    let events = events(text, report)?;
    let mut loader = Loader { events: events.into_iter(), report, path: Vec::new() };
    let Some((event, span)) = loader.events.next() else {
        report.refuse("Template", 1, "the file is empty.", "write a SAM template.");
        return None;
    };
    let document = loader.node(event, span);
    if let Some((_, span)) = loader.events.next() {
        let problem = "a second YAML document begins here.";
        report.refuse("Template", span.start.line(), problem, "keep one document in the file.");
    }
    Some(document)
}

/// The events inside the documents: scalars, and the starts and ends of lists and mappings.
fn events<'t>(text: &'t str, report: &Report<'_>) -> Option<Vec<(Event<'t>, Span)>> {
    use Event::{DocumentEnd, DocumentStart, Nothing, StreamEnd, StreamStart};
    let mut events = Vec::new();
    for event in Parser::new_from_str(text) {
        match event {
            Ok((StreamStart | StreamEnd | DocumentStart(_) | DocumentEnd | Nothing, _)) => {}
            Ok(event) => events.push(event),
            Err(error) => {
                let problem = format!("this is not YAML: {}.", error.info());
                report.refuse(
                    "Template",
                    error.marker().line(),
                    problem,
                    "mend the syntax of this line or of the one before it.",
                );
                return None;
            }
        }
    }
    Some(events)
}

struct Loader<'e, 'r> {
    events: std::vec::IntoIter<(Event<'e>, Span)>,
    report: &'r Report<'r>,
    /// The keys from the root to the current node, which name the resource of a refusal.
    path: Vec<String>,
}

impl Loader<'_, '_> {
    fn node(&mut self, event: Event<'_>, span: Span) -> Node {
        let line = span.start.line();
        match event {
            Event::Scalar(text, style, _, tag) => {
                let plain = style == ScalarStyle::Plain && tag.is_none();
                let value = if plain && matches!(&*text, "" | "~" | "null") {
                    Value::Null
                } else {
                    Value::Scalar { text: text.into_owned(), plain }
                };
                tagged(tag.as_deref(), Node { line, value })
            }
            Event::SequenceStart(_, tag) => {
                let items = self.items();
                tagged(tag.as_deref(), Node { line, value: Value::List(items) })
            }
            Event::MappingStart(_, tag) => {
                let entries = self.entries();
                tagged(tag.as_deref(), long_form(line, entries))
            }
            _ => {
                self.refuse(line, "YAML aliases are not supported.", "write the value out.");
                Node::invalid(line)
            }
        }
    }

    fn items(&mut self) -> Vec<Node> {
        let mut items = Vec::new();
        while let Some((event, span)) = self.events.next() {
            if matches!(event, Event::SequenceEnd) {
                break;
            }
            items.push(self.node(event, span));
        }
        items
    }

    fn entries(&mut self) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::new();
        while let Some((event, span)) = self.events.next() {
            if matches!(event, Event::MappingEnd) {
                break;
            }
            let line = span.start.line();
            let key = self.node(event, span);
            let key = match key.value {
                Value::Scalar { text, .. } => text,
                Value::Null => "null".to_owned(),
                _ => {
                    self.refuse(line, "a key is not text.", "write a plain key.");
                    String::new()
                }
            };
            let Some((event, span)) = self.events.next() else {
                break;
            };
            self.path.push(key.clone());
            let node = self.node(event, span);
            match entries.iter().find(|entry| entry.key == key) {
                Some(first) => self.refuse(
                    line,
                    format!("{key} stands here twice; line {} has it already.", first.line),
                    "remove one of the two.",
                ),
                None => entries.push(Entry { key, line, node }),
            }
            self.path.pop();
        }
        entries
    }

    fn refuse(&self, line: usize, problem: impl Into<String>, remedy: &str) {
        let logical_id = self.path.get(1).or(self.path.first()).map_or("Template", String::as_str);
        self.report.refuse(logical_id, line, problem, remedy);
    }
}

fn long_form(line: usize, mut entries: Vec<Entry>) -> Node {
    let is_intrinsic =
        matches!(entries.as_slice(), [only] if only.key == "Ref" || only.key.starts_with("Fn::"));
    match entries.pop_if(|_| is_intrinsic) {
        Some(Entry { key, node, .. }) => {
            let name = key.trim_start_matches("Fn::").to_owned();
            Node { line, value: Value::Intrinsic { name, argument: Box::new(node) } }
        }
        None => Node { line, value: Value::Map(entries) },
    }
}

fn tagged(tag: Option<&Tag>, node: Node) -> Node {
    match tag {
        Some(tag) if !tag.is_yaml_core_schema() => Node {
            line: node.line,
            value: Value::Intrinsic { name: tag.suffix.clone(), argument: Box::new(node) },
        },
        _ => node,
    }
}
