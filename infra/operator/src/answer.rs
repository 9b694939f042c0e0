//! What a command gives: the API's JSON for programs, and tables for people.

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ContentArrangement, Table};
use serde_json::{Map, Value};

use crate::failure::printable;

/// Titles, each with the JSON pointer of what stands below it.
pub(crate) type Columns = [(&'static str, &'static str)];

pub(crate) struct Answer {
    json: String,
    text: String,
}

impl Answer {
    /// `json` is printed as it is.
    pub(crate) fn new(json: String, text: &str) -> Answer {
        Answer { json, text: printable(text) }
    }

    pub(crate) fn json(&self) -> &str {
        &self.json
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }
}

/// A row for each value. Columns of numbers are aligned to the right.
pub(crate) fn table(columns: &Columns, rows: &[Value]) -> String {
    let mut table = empty();
    table.set_header(columns.iter().map(|(title, _)| *title));
    for row in rows {
        table.add_row(columns.iter().map(|(_, pointer)| cell(row.pointer(pointer))));
    }
    for (number, (_, pointer)) in columns.iter().enumerate() {
        let values = rows.iter().filter_map(|row| row.pointer(pointer)).filter(|value| !value.is_null());
        let is_of_numbers = values.clone().next().is_some() && { values }.all(is_number);
        if let Some(column) = table.column_mut(number).filter(|_| is_of_numbers) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    rendered(table)
}

/// A line for each column of one value, without those that it does not have.
pub(crate) fn lines(columns: &Columns, value: &Value) -> String {
    let mut table = empty();
    for (title, pointer) in columns {
        if let Some(part) = value.pointer(pointer) {
            table.add_row([(*title).to_owned(), cell(Some(part))]);
        }
    }
    rendered(table)
}

/// Lines are as long as they are, so that they can be searched and cut by other programs.
fn empty() -> Table {
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table
}

fn rendered(mut table: Table) -> String {
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    table.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

/// Also one that is written as a text, such as an amount with decimals.
fn is_number(value: &Value) -> bool {
    value.is_number() || value.as_str().is_some_and(|text| text.parse::<f64>().is_ok())
}

/// One line, whatever the value is.
fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "-".to_owned(),
        Some(Value::String(text)) => text.replace('\n', " "),
        Some(Value::Array(items)) if items.is_empty() => "-".to_owned(),
        Some(Value::Array(items)) => items.iter().map(|item| cell(Some(item))).collect::<Vec<_>>().join(", "),
        Some(Value::Object(members)) => of_members(members),
        Some(other) => other.to_string(),
    }
}

/// What has a kind begins with it.
fn of_members(members: &Map<String, Value>) -> String {
    let kind = members.get("kind").map(|kind| cell(Some(kind)));
    let others = members.iter().filter(|(name, value)| *name != "kind" && !value.is_null());
    let others = others.map(|(name, value)| format!("{name}={}", cell(Some(value))));
    let texts: Vec<String> = kind.into_iter().chain(others).collect();
    if texts.is_empty() { "-".to_owned() } else { texts.join(" ") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_table_has_a_row_for_each_value_and_numbers_to_the_right() {
        let rows = [
            json!({ "slug": "acme", "tier": { "name": "pro" }, "users": 12 }),
            json!({ "slug": "globex", "users": 3 }),
        ];
        let columns = [("SLUG", "/slug"), ("TIER", "/tier/name"), ("USERS", "/users")];
        assert_eq!(table(&columns, &rows), "SLUG    TIER  USERS\nacme    pro      12\nglobex  -         3");
        assert_eq!(table(&columns, &[]), "SLUG  TIER  USERS");
    }

    #[test]
    fn lines_leave_out_what_is_not_there() {
        let value =
            json!({ "slug": "acme", "limits": { "users": 5, "requests": null }, "features": [], "none": {} });
        let columns = [
            ("Slug", "/slug"),
            ("Reason", "/reason"),
            ("Limits", "/limits"),
            ("Features", "/features"),
            ("None", "/none"),
        ];
        assert_eq!(lines(&columns, &value), "Slug      acme\nLimits    users=5\nFeatures  -\nNone      -");
    }

    #[test]
    fn what_has_a_kind_begins_with_it() {
        let rows =
            [json!({ "actor": { "id": "usr_1", "kind": "user" } }), json!({ "actor": { "kind": "system" } })];
        assert_eq!(table(&[("ACTOR", "/actor")], &rows), "ACTOR\nuser id=usr_1\nsystem");
    }

    /// A tenant chooses its name, and operators read it in their terminals.
    #[test]
    fn what_others_wrote_does_not_steer_the_terminal() {
        let rows = [json!({ "name": "A\u{1b}[2Jb\nc\u{9b}" })];
        let answer = Answer::new(String::new(), &table(&[("NAME", "/name")], &rows));
        assert_eq!(answer.text(), "NAME\nA\u{fffd}[2Jb c\u{fffd}");
    }
}
