//! Creates the template's tables, and refuses stored tables that differ.

use dynoxide::{Database as Engine, DynoxideError};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::TableError;
use crate::model::Table;

pub(super) fn ensure(engine: &Engine, table: &Table) -> Result<(), TableError> {
    let describe = request(table, json!({"TableName": table.name}))?;
    match engine.describe_table(describe) {
        Ok(described) => compare(table, &serde_json::to_value(described).unwrap_or_default()["Table"])?,
        Err(DynoxideError::ResourceNotFoundException(_)) => {
            engine
                .create_table(request(table, table.create.clone())?)
                .map_err(|error| refused(table, error.to_string()))?;
        }
        Err(error) => return Err(error.into()),
    }
    set_ttl(engine, table)
}

/// Keys, streams and indexes cannot change under stored items.
fn compare(table: &Table, stored: &Value) -> Result<(), TableError> {
    for (what, shape) in [
        ("key schema", key_schema as fn(&Value) -> Value),
        ("attributes", attributes),
        ("stream", stream),
        ("global indexes", global_indexes),
        ("local indexes", local_indexes),
    ] {
        let (found, declared) = (shape(stored), shape(&table.create));
        if found != declared {
            return Err(refused(
                table,
                format!(
                    "the stored table's {what} is {found}, but the template says {declared}; \
                     restore the template, or delete the data directory to start anew"
                ),
            ));
        }
    }
    Ok(())
}

fn key_schema(described: &Value) -> Value {
    let elements = described["KeySchema"].as_array().into_iter().flatten();
    elements.map(|element| json!([element["AttributeName"], element["KeyType"]])).collect()
}

/// Sorted, since the order of the declarations has no meaning.
fn attributes(described: &Value) -> Value {
    let all = described["AttributeDefinitions"].as_array().into_iter().flatten();
    sorted(all.map(|attribute| json!([attribute["AttributeName"], attribute["AttributeType"]])))
}

fn sorted(shapes: impl Iterator<Item = Value>) -> Value {
    let mut shapes: Vec<String> = shapes.map(|shape| shape.to_string()).collect();
    shapes.sort();
    json!(shapes)
}

fn stream(described: &Value) -> Value {
    let specification = &described["StreamSpecification"];
    if specification["StreamEnabled"] == true { specification["StreamViewType"].clone() } else { Value::Null }
}

fn global_indexes(described: &Value) -> Value {
    indexes(&described["GlobalSecondaryIndexes"])
}

fn local_indexes(described: &Value) -> Value {
    indexes(&described["LocalSecondaryIndexes"])
}

fn indexes(all: &Value) -> Value {
    let all = all.as_array().into_iter().flatten();
    sorted(all.map(|index| json!([index["IndexName"], index["KeySchema"], index["Projection"]])))
}

fn set_ttl(engine: &Engine, table: &Table) -> Result<(), TableError> {
    let described = engine.describe_time_to_live(request(table, json!({"TableName": table.name}))?)?;
    let described = serde_json::to_value(described).unwrap_or_default();
    let current = described["TimeToLiveDescription"]["AttributeName"].as_str();
    if current == table.ttl_attribute.as_deref() {
        return Ok(());
    }
    for (attribute, enabled) in [(current, false), (table.ttl_attribute.as_deref(), true)] {
        let Some(attribute) = attribute else { continue };
        let update = json!({
            "TableName": table.name,
            "TimeToLiveSpecification": {"AttributeName": attribute, "Enabled": enabled},
        });
        engine.update_time_to_live(request(table, update)?)?;
    }
    Ok(())
}

fn request<T: DeserializeOwned>(table: &Table, value: Value) -> Result<T, TableError> {
    serde_json::from_value(value).map_err(|error| refused(table, error.to_string()))
}

fn refused(table: &Table, reason: String) -> TableError {
    TableError::Refused { table: table.logical_id.clone(), reason }
}
