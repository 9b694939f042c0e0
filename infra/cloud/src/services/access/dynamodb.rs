//! What a call to DynamoDB needs to be allowed: every item of a transaction under its own action, and every table of
//! a batch with all of its keys.
//!
//! AWS: Using IAM policy conditions for fine-grained access control,
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html>; Using IAM with
//! DynamoDB transactions,
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html>; DynamoDB
//! resource-based policy examples,
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-examples.html>

use std::collections::HashMap;

use serde_json::{Value, json};

use super::{Want, of_a_call, text};
use crate::model::{Stack, Table};
use crate::services::dynamodb::keys::{Layout, keys_of_untransacted};

const LEADING_KEYS: &str = "dynamodb:LeadingKeys";

/// The layouts of the stack's tables, by their names.
type Layouts = HashMap<String, Layout>;

#[derive(Clone, Copy)]
struct Tables<'k> {
    stack: &'k Stack,
    layouts: &'k Layouts,
}

pub(in crate::services) fn wants(
    stack: &Stack,
    layouts: &Layouts,
    action: &str,
    request: &Value,
) -> Vec<Want> {
    let tables = Tables { stack, layouts };
    match action {
        "TransactWriteItems" | "TransactGetItems" => tables.transacted(request),
        "BatchGetItem" => tables.batched("dynamodb:BatchGetItem", request),
        "BatchWriteItem" => tables.batched("dynamodb:BatchWriteItem", request),
        "ListTables" => {
            let (context, resource) = (of_a_call(), "*".to_owned());
            vec![Want { action: "dynamodb:ListTables", resource, context, policy: None }]
        }
        _ => named(action).and_then(|action| tables.want(action, request)).into_iter().collect(),
    }
}

fn named(action: &str) -> Option<&'static str> {
    Some(match action {
        "GetItem" => "dynamodb:GetItem",
        "PutItem" => "dynamodb:PutItem",
        "UpdateItem" => "dynamodb:UpdateItem",
        "DeleteItem" => "dynamodb:DeleteItem",
        "Query" => "dynamodb:Query",
        "Scan" => "dynamodb:Scan",
        "DescribeTable" => "dynamodb:DescribeTable",
        "DescribeTimeToLive" => "dynamodb:DescribeTimeToLive",
        _ => return None,
    })
}

impl Tables<'_> {
    /// The items of a transaction. One that is not understood makes the whole call need nothing, so that it is denied.
    fn transacted(self, request: &Value) -> Vec<Want> {
        let items = request["TransactItems"].as_array().map(Vec::as_slice).unwrap_or_default();
        let wants = items.iter().map(|item| {
            let (operation, request) = item.as_object()?.iter().next()?;
            let action = match operation.as_str() {
                "Put" => "dynamodb:PutItem",
                "Update" => "dynamodb:UpdateItem",
                "Delete" => "dynamodb:DeleteItem",
                "ConditionCheck" => "dynamodb:ConditionCheckItem",
                "Get" => "dynamodb:GetItem",
                _ => return None,
            };
            self.want(action, request)
        });
        wants.collect::<Option<_>>().unwrap_or_default()
    }

    fn batched(self, action: &'static str, request: &Value) -> Vec<Want> {
        let tables = request["RequestItems"].as_object().into_iter().flatten();
        let wants = tables.map(|(name, items)| {
            let request = json!({ "RequestItems": { name: items } });
            Some(self.item(self.table(name)?, action, None, &request))
        });
        wants.collect::<Option<_>>().unwrap_or_default()
    }

    fn want(self, action: &'static str, request: &Value) -> Option<Want> {
        let table = self.table(text(request, "TableName"))?;
        Some(self.item(table, action, request["IndexName"].as_str(), request))
    }

    fn item(self, table: &Table, action: &'static str, index: Option<&str>, request: &Value) -> Want {
        let keys = keys_of_untransacted(request, self.layouts);
        let mut context = of_a_call();
        // A key that is missing, as of a Scan, is what `Null` looks for.
        if !keys.is_empty() {
            context.set_all(LEADING_KEYS, keys);
        }
        let resource = index.map_or(table.arn.clone(), |index| format!("{}/index/{index}", table.arn));
        // An index has no policy of its own: that of its table names it as a resource.
        Want { action, resource, context, policy: table.policy.clone() }
    }

    fn table(&self, name: &str) -> Option<&Table> {
        self.stack.tables.iter().find(|table| table.name == name || table.arn == name)
    }
}
