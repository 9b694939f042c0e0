//! The partition keys in a request and in its answer, of the table and of its indexes.
//!
//! They are looked for wherever an attribute has the name of a key, and not where a known action has its items: a member
//! that nobody thought of is found as well.

use serde_json::{Map, Value};

use crate::services::dynamodb::keys::{Layout, equated, queried_key};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    /// As the request names it.
    pub(super) table: String,
    pub(super) attribute: String,
    /// `None` if the request names none, as a Scan.
    pub(super) value: Option<String>,
}

pub(super) fn of_request<'l>(request: &Value, layout: impl Fn(&str) -> Option<&'l Layout>) -> Vec<Key> {
    let mut keys = Vec::new();
    for (table, operation) in operations(request) {
        let key =
            |attribute: &str, value| Key { table: table.to_owned(), attribute: attribute.to_owned(), value };
        let Some(layout) = layout(table) else {
            keys.push(key("", None));
            continue;
        };
        let queried = layout.partition(operation["IndexName"].as_str());
        let mut found = attributes(operation, layout);
        found.extend(queried_key(operation, queried).map(|value| (queried.to_owned(), value)));
        if !found.iter().any(|(name, _)| name == queried) {
            keys.push(key(queried, None));
        }
        keys.extend(found.into_iter().map(|(name, value)| key(&name, Some(value))));
        let updated = layout.index_partitions().filter_map(|name| updated(operation, name));
        keys.extend(updated.map(|(name, value)| key(name, value)));
    }
    keys
}

pub(super) fn of_answer<'l>(
    request: &Value,
    answer: &Value,
    layout: impl Fn(&str) -> Option<&'l Layout>,
) -> Vec<Key> {
    let mut keys = Vec::new();
    for (table, part) in parts(request, answer) {
        let found = layout(table).map(|layout| attributes(part, layout)).unwrap_or_default();
        let key = |(attribute, value)| Key { table: table.to_owned(), attribute, value: Some(value) };
        keys.extend(found.into_iter().map(key));
    }
    keys
}

/// The operations of a request, each with the name of its table.
fn operations(request: &Value) -> Vec<(&str, &Value)> {
    if let Some(items) = request["TransactItems"].as_array() {
        return items.iter().flat_map(|item| members(item).map(|(_, operation)| named(operation))).collect();
    }
    match request["RequestItems"].as_object() {
        Some(batches) => batches.iter().map(|(table, batch)| (table.as_str(), batch)).collect(),
        None => vec![named(request)],
    }
}

/// The parts of an answer, each with the name of its table.
fn parts<'v>(request: &'v Value, answer: &'v Value) -> Vec<(&'v str, &'v Value)> {
    if request["TableName"].is_string() {
        return vec![(named(request).0, answer)];
    }
    let asked = operations(request);
    let mut parts = Vec::new();
    for (_, part) in members(answer) {
        // By the number of the item in a transaction, or by the name of the table in a batch.
        let numbered = part.as_array().into_iter().flatten().zip(&asked);
        parts.extend(numbered.map(|(part, (table, _))| (*table, part)));
        parts.extend(members(part).map(|(table, part)| (table.as_str(), part)));
    }
    parts
}

fn named(operation: &Value) -> (&str, &Value) {
    (operation["TableName"].as_str().unwrap_or_default(), operation)
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

/// The attributes of this name anywhere in the value, with their texts. Of one that is no text, it is its JSON.
fn attributes(value: &Value, layout: &Layout) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (name, part) in members(value) {
        match part["S"].as_str() {
            _ if !part.is_object() || !layout.is_partition(name) => {}
            Some(text) => found.push((name.clone(), text.to_owned())),
            None => found.push((name.clone(), part.to_string())),
        }
        found.extend(attributes(part, layout));
    }
    found.extend(value.as_array().into_iter().flatten().flat_map(|part| attributes(part, layout)));
    found
}

/// An attribute that an update changes, with its new value if the expression sets it to one.
fn updated<'n>(operation: &Value, name: &'n str) -> Option<(&'n str, Option<String>)> {
    let expression = operation["UpdateExpression"].as_str()?;
    let alias = members(&operation["ExpressionAttributeNames"]).find(|(_, real)| *real == name);
    let is_named = expression.contains(name) || alias.is_some_and(|(alias, _)| expression.contains(alias));
    is_named.then(|| (name, equated(expression, operation, name)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn layout() -> Layout {
        let key = |name: &str| json!([{ "AttributeName": name, "KeyType": "HASH" }]);
        let index = json!({ "IndexName": "Facets", "KeySchema": key("facet") });
        Layout::of(&json!({ "KeySchema": key("pk"), "GlobalSecondaryIndexes": [index] }))
    }

    fn shown(keys: Vec<Key>) -> Vec<String> {
        let show =
            |Key { table, attribute, value }| format!("{table} {attribute} {}", value.unwrap_or("?".into()));
        keys.into_iter().map(show).collect()
    }

    fn asked(request: Value) -> Vec<String> {
        let layout = layout();
        shown(of_request(&request, |table| table.starts_with('t').then_some(&layout)))
    }

    fn answered(request: Value, answer: Value) -> Vec<String> {
        let layout = layout();
        shown(of_answer(&request, &answer, |_| Some(&layout)))
    }

    fn item(pk: &str, facet: &str) -> Value {
        json!({ "pk": { "S": pk }, "facet": { "S": facet }, "doc": { "S": "pk" } })
    }

    #[test]
    fn a_request_has_the_keys_of_all_its_members() {
        let key = |pk: &str| json!({ "pk": { "S": pk } });
        assert_eq!(asked(json!({ "TableName": "t", "Key": key("a") })), ["t pk a"]);
        assert_eq!(asked(json!({ "TableName": "t", "Item": item("a", "f") })), ["t facet f", "t pk a"]);
        assert_eq!(
            asked(json!({ "TableName": "t", "Item": { "pk": { "B": "YQ==" } } })),
            [r#"t pk {"B":"YQ=="}"#]
        );
        let batch = json!({ "RequestItems": {
            "t": { "Keys": [key("a"), key("b")] },
            "t2": [{ "PutRequest": { "Item": item("c", "f") } }, { "DeleteRequest": { "Key": key("d") } }],
        } });
        assert_eq!(asked(batch), ["t pk a", "t pk b", "t2 facet f", "t2 pk c", "t2 pk d"]);
        let transaction = json!({ "TransactItems": [
            { "Put": { "TableName": "t", "Item": item("a", "f") } },
            { "ConditionCheck": { "TableName": "t2", "Key": key("b") } },
        ] });
        assert_eq!(asked(transaction), ["t facet f", "t pk a", "t2 pk b"]);
    }

    #[test]
    fn a_query_has_the_key_of_its_condition_and_of_its_start() {
        let query = |index: Value, condition: &str| {
            asked(json!({
                "TableName": "t", "IndexName": index, "KeyConditionExpression": condition,
                "ExpressionAttributeValues": { ":a": { "S": "a" }, ":b": { "S": "b" } },
                "ExclusiveStartKey": { "pk": { "S": "c" } },
            }))
        };
        assert_eq!(query(Value::Null, "sk > :b AND pk = :a"), ["t pk c", "t pk a"]);
        assert_eq!(query(json!("Facets"), "facet = :b"), ["t pk c", "t facet b"]);
        assert_eq!(query(json!("Facets"), "facet = :none"), ["t facet ?", "t pk c"]);
    }

    #[test]
    fn what_names_no_key_is_noted_as_such() {
        assert_eq!(asked(json!({ "TableName": "t" })), ["t pk ?"]);
        assert_eq!(asked(json!({ "TableName": "unknown", "Key": { "pk": { "S": "a" } } })), ["unknown  ?"]);
        assert_eq!(asked(json!({ "Statement": "SELECT * FROM t" })), ["  ?"]);
        assert_eq!(asked(json!({ "TransactItems": [{ "Put": { "TableName": "t" } }] })), ["t pk ?"]);
    }

    #[test]
    fn an_update_has_the_key_of_the_index_that_it_sets() {
        let update = |expression: &str| {
            asked(json!({
                "TableName": "t", "Key": { "pk": { "S": "a" } }, "UpdateExpression": expression,
                "ExpressionAttributeNames": { "#f": "facet", "#n": "note" },
                "ExpressionAttributeValues": { ":f": { "S": "f" }, ":n": { "S": "n" } },
            }))
        };
        assert_eq!(update("SET #n = :n"), ["t pk a"]);
        assert_eq!(update("SET #n = :n, #f = :f"), ["t pk a", "t facet f"]);
        assert_eq!(update("SET facet=:f,#n=:n"), ["t pk a", "t facet f"]);
        assert_eq!(update("SET facet = if_not_exists(facet, :f)"), ["t pk a", "t facet ?"]);
    }

    #[test]
    fn an_answer_has_the_keys_of_all_that_it_returns() {
        let one = || json!({ "TableName": "t" });
        assert_eq!(answered(one(), json!({ "Item": item("a", "f") })), ["t facet f", "t pk a"]);
        assert_eq!(answered(one(), json!({ "Attributes": item("a", "f") })), ["t facet f", "t pk a"]);
        let page = json!({ "Items": [item("a", "f")], "LastEvaluatedKey": { "pk": { "S": "b" } } });
        assert_eq!(answered(one(), page), ["t facet f", "t pk a", "t pk b"]);
        let batch = json!({
            "Responses": { "t": [item("a", "f")] },
            "UnprocessedKeys": { "t2": { "Keys": [{ "pk": { "S": "b" } }] } },
        });
        let asked = json!({ "RequestItems": { "t": {}, "t2": {} } });
        assert_eq!(answered(asked, batch), ["t facet f", "t pk a", "t2 pk b"]);
        let transaction = || json!({ "TransactItems": [{ "Put": { "TableName": "t" } }, { "Get": { "TableName": "t2" } }] });
        let reasons = json!({ "CancellationReasons": [{ "Code": "None" }, { "Item": item("a", "f") }] });
        assert_eq!(answered(transaction(), reasons), ["t2 facet f", "t2 pk a"]);
        let read = json!({ "Responses": [{ "Item": item("a", "f") }, {}] });
        assert_eq!(answered(transaction(), read), ["t facet f", "t pk a"]);
    }
}
