//! The partition keys that a request touches.

use std::collections::HashMap;

use serde_json::Value;

/// The names of the partition key attributes of a table and of its indexes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Layout {
    partition: String,
    index_partitions: HashMap<String, String>,
}

impl Layout {
    pub(crate) fn of(create: &Value) -> Layout {
        let indexes = create["GlobalSecondaryIndexes"].as_array().into_iter().flatten();
        Layout {
            partition: hash_attribute(create).to_owned(),
            index_partitions: indexes
                .filter_map(|index| {
                    Some((index["IndexName"].as_str()?.to_owned(), hash_attribute(index).to_owned()))
                })
                .collect(),
        }
    }

    pub(crate) fn partition(&self, index: Option<&str>) -> &str {
        index.and_then(|index| self.index_partitions.get(index)).unwrap_or(&self.partition)
    }

    pub(crate) fn index_partitions(&self) -> impl Iterator<Item = &str> {
        self.index_partitions.values().map(String::as_str)
    }

    pub(crate) fn is_partition(&self, attribute: &str) -> bool {
        self.partition == attribute || self.index_partitions().any(|partition| partition == attribute)
    }
}

fn hash_attribute(described: &Value) -> &str {
    let elements = described["KeySchema"].as_array().into_iter().flatten();
    elements
        .filter(|element| element["KeyType"] == "HASH")
        .find_map(|element| element["AttributeName"].as_str())
        .unwrap_or_default()
}

/// The keys of each item of a transaction, in the order of the items; of any other request, all keys together.
pub(super) fn partition_keys(request: &Value, layouts: &HashMap<String, Layout>) -> Vec<Vec<String>> {
    match request["TransactItems"].as_array() {
        Some(items) => items.iter().map(|item| keys_of_transacted(item, layouts)).collect(),
        None => vec![keys_of_untransacted(request, layouts)],
    }
}

fn keys_of_transacted(item: &Value, layouts: &HashMap<String, Layout>) -> Vec<String> {
    let mut keys = Vec::new();
    for operation in item.as_object().into_iter().flatten().map(|(_, operation)| operation) {
        collect(operation, layouts, &mut keys);
    }
    keys
}

/// All keys of a request that is no transaction.
pub(crate) fn keys_of_untransacted(request: &Value, layouts: &HashMap<String, Layout>) -> Vec<String> {
    let mut keys = Vec::new();
    collect(request, layouts, &mut keys);
    for (table, batch) in request["RequestItems"].as_object().into_iter().flatten() {
        let Some(layout) = layout(table, layouts) else {
            continue;
        };
        for item in batch["Keys"].as_array().into_iter().flatten() {
            keys.extend(key_of(item, &layout.partition));
        }
        for write in batch.as_array().into_iter().flatten() {
            keys.extend(key_of(&write["PutRequest"]["Item"], &layout.partition));
            keys.extend(key_of(&write["DeleteRequest"]["Key"], &layout.partition));
        }
    }
    keys
}

fn collect(operation: &Value, layouts: &HashMap<String, Layout>, keys: &mut Vec<String>) {
    let Some(layout) = operation["TableName"].as_str().and_then(|table| layout(table, layouts)) else {
        return;
    };
    keys.extend(key_of(&operation["Key"], &layout.partition));
    keys.extend(key_of(&operation["Item"], &layout.partition));
    keys.extend(queried_key(operation, layout.partition(operation["IndexName"].as_str())));
}

fn layout<'a>(table: &str, layouts: &'a HashMap<String, Layout>) -> Option<&'a Layout> {
    layouts.get(table.rsplit('/').next().unwrap_or(table))
}

fn key_of(attributes: &Value, name: &str) -> Option<String> {
    text(attributes.as_object()?.get(name)?)
}

fn text(attribute: &Value) -> Option<String> {
    attribute.as_object()?.values().next()?.as_str().map(str::to_owned)
}

/// The value that the key condition requires of the partition key: `pk = :value` among terms joined by AND.
pub(crate) fn queried_key(query: &Value, partition: &str) -> Option<String> {
    equated(query["KeyConditionExpression"].as_str()?, query, partition)
}

/// The value that stands beside this attribute and an equals sign in an expression of the operation.
pub(crate) fn equated(expression: &str, operation: &Value, attribute: &str) -> Option<String> {
    let named = |name: &str| {
        name == attribute
            || operation["ExpressionAttributeNames"][name].as_str().is_some_and(|real| real == attribute)
    };
    let tokens = tokens(expression);
    let placeholder = tokens.windows(3).find_map(|window| match window {
        [name, "=", value] if named(name) => Some(*value),
        [value, "=", name] if named(name) => Some(*value),
        _ => None,
    })?;
    text(&operation["ExpressionAttributeValues"][placeholder])
}

fn tokens(expression: &str) -> Vec<&str> {
    expression
        .split_inclusive('=')
        .flat_map(|part| match part.strip_suffix('=') {
            Some(before) => vec![before, "="],
            None => vec![part],
        })
        .flat_map(|part| part.split([' ', ',', '(', ')', '\t', '\n', '\r']))
        .filter(|token| !token.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn keys_of_items(request: Value) -> Vec<Vec<String>> {
        let create = json!({
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            "GlobalSecondaryIndexes": [{"IndexName": "by-owner", "KeySchema": [{"AttributeName": "owner", "KeyType": "HASH"}]}],
        });
        partition_keys(&request, &HashMap::from([("t".to_owned(), Layout::of(&create))]))
    }

    fn keys(request: Value) -> Vec<String> {
        keys_of_items(request).concat()
    }

    #[test]
    fn single_item_requests_name_one_key() {
        assert_eq!(keys(json!({"TableName": "t", "Key": {"pk": {"S": "a"}, "sk": {"S": "b"}}})), ["a"]);
        assert_eq!(keys(json!({"TableName": "t", "Item": {"pk": {"S": "a"}, "x": {"S": "b"}}})), ["a"]);
        assert_eq!(
            keys(json!({"TableName": "arn:aws:dynamodb:r:1:table/t", "Key": {"pk": {"S": "a"}}})),
            ["a"]
        );
    }

    #[test]
    fn a_query_names_the_key_of_its_table_or_index() {
        let query = |condition: &str| {
            json!({
                "TableName": "t",
                "KeyConditionExpression": condition,
                "ExpressionAttributeNames": {"#k": "pk", "#s": "sk"},
                "ExpressionAttributeValues": {":a": {"S": "part"}, ":b": {"S": "sort"}},
            })
        };
        for condition in
            ["pk = :a", "#k=:a AND begins_with(#s, :b)", "(#s = :b) AND (:a = #k)", "sk >= :b and pk = :a"]
        {
            assert_eq!(keys(query(condition)), ["part"], "{condition}");
        }
        let mut indexed = query("owner = :b");
        indexed["IndexName"] = json!("by-owner");
        assert_eq!(keys(indexed), ["sort"]);
    }

    #[test]
    fn batches_and_transactions_name_every_key() {
        let get = json!({"RequestItems": {"t": {"Keys": [{"pk": {"S": "a"}}, {"pk": {"S": "b"}}]}}});
        assert_eq!(keys(get), ["a", "b"]);
        let write = json!({"RequestItems": {"t": [
            {"PutRequest": {"Item": {"pk": {"S": "a"}}}}, {"DeleteRequest": {"Key": {"pk": {"S": "b"}}}}
        ]}});
        assert_eq!(keys(write), ["a", "b"]);
        let transaction = json!({"TransactItems": [
            {"Put": {"TableName": "t", "Item": {"pk": {"S": "a"}}}},
            {"Put": {"TableName": "unknown", "Item": {"pk": {"S": "x"}}}},
            {"ConditionCheck": {"TableName": "t", "Key": {"pk": {"S": "b"}}}},
        ]});
        assert_eq!(keys_of_items(transaction), [vec!["a"], vec![], vec!["b"]]);
    }
}
