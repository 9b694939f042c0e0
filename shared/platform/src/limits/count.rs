//! The item in which a tenant's requests of a window are added up.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};

use super::sampling::Window;
use crate::aws::explain;

const USED: &str = "used";

/// The counts of one tenant, with credentials for them.
pub(crate) struct Count {
    pub(crate) client: Client,
    pub(crate) table: &'static str,
    /// The tenant's partition.
    pub(crate) partition: String,
}

impl Count {
    /// Answers the sum. It is not conditional: who is refused counts as well.
    pub(super) async fn add(&self, window: Window, weight: u64) -> Result<u64, String> {
        let answer = self
            .client
            .update_item()
            .table_name(self.table)
            .set_key(Some(self.key(window)))
            .update_expression("ADD used :weight SET expiresAt = :until")
            .expression_attribute_values(":weight", number(weight))
            .expression_attribute_values(":until", number(window.expires_at()))
            .return_values(ReturnValue::UpdatedNew)
            .send()
            .await
            .map_err(explain)?;
        used(answer.attributes())
    }

    /// As counted up to a moment ago.
    pub(super) async fn read(&self, window: Window) -> Result<u64, String> {
        let key = Some(self.key(window));
        let request = self.client.get_item().table_name(self.table).set_key(key).consistent_read(false);
        let answer = request.send().await.map_err(explain)?;
        answer.item().map_or(Ok(0), |item| used(Some(item)))
    }

    fn key(&self, window: Window) -> HashMap<String, AttributeValue> {
        HashMap::from([
            ("pk".to_owned(), AttributeValue::S(self.partition.clone())),
            ("sk".to_owned(), AttributeValue::S(window.number().to_string())),
        ])
    }
}

fn used(item: Option<&HashMap<String, AttributeValue>>) -> Result<u64, String> {
    let number = item.and_then(|item| item.get(USED)?.as_n().ok());
    number.and_then(|number| number.parse().ok()).ok_or_else(|| "the item has no count".to_owned())
}

fn number(value: impl ToString) -> AttributeValue {
    AttributeValue::N(value.to_string())
}
