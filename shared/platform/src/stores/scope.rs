//! One tenant's part of the table: every read and write of tenant data goes through here.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use aws_types::SdkConfig;
use domain::id::TenantId;
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::config::{ConfigError, required};
use crate::stores::commit::commit;
use crate::stores::keys::{PK, Partition, SK};
use crate::stores::write::{Condition, Write};
use crate::stores::{
    Audit, Conflict, Directory, Inbox, NotificationPreferences, OrderLists, Orders, Products, SentMails,
    Sessions, StoreError, Tenants, Users, Version,
};
use crate::tenancy::{Tenant, TenantSessions};

const VERSION: &str = "version";
const DOC: &str = "doc";

pub(crate) struct TenantTable {
    name: String,
    sessions: TenantSessions,
}

impl TenantTable {
    pub(crate) fn open(shared: &SdkConfig) -> Result<Self, ConfigError> {
        Ok(Self::new(shared, required("TENANT_TABLE")?, required("ROLE_ARN")?))
    }

    pub(crate) fn new(shared: &SdkConfig, name: String, role_arn: String) -> Self {
        Self { name, sessions: TenantSessions::new(shared, role_arn) }
    }

    pub(crate) fn within(&'static self, tenant: Tenant) -> Scope {
        Scope { table: self, tenant }
    }
}

/// The repositories of one verified tenant.
pub struct Scope {
    table: &'static TenantTable,
    tenant: Tenant,
}

/// A page of a list, and where the next one starts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "{T}Page")]
pub struct Page<T, C> {
    pub items: Vec<T>,
    /// Sent as `cursor`, it asks for the next page. The last page has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<C>,
}

impl<T, C> Page<T, C> {
    pub fn map<U>(self, view: impl FnMut(T) -> U) -> Page<U, C> {
        Page { items: self.items.into_iter().map(view).collect(), next_cursor: self.next_cursor }
    }
}

/// State as it is stored: a JSON document and the version it belongs to.
#[derive(Debug)]
pub(crate) struct Stored<T> {
    pub(crate) version: Version,
    pub(crate) value: T,
}

pub(crate) type Item = HashMap<String, AttributeValue>;

impl Scope {
    pub fn audit(&self) -> Audit<'_> {
        Audit(self)
    }

    pub fn inbox(&self) -> Inbox<'_> {
        Inbox(self)
    }

    pub fn notification_preferences(&self) -> NotificationPreferences<'_> {
        NotificationPreferences(self)
    }

    pub fn order_lists(&self) -> OrderLists<'_> {
        OrderLists(self)
    }

    pub fn orders(&self) -> Orders<'_> {
        Orders(self)
    }

    pub fn products(&self) -> Products<'_> {
        Products(self)
    }

    pub fn sent_mails(&self) -> SentMails<'_> {
        SentMails(self)
    }

    pub fn tenants(&self) -> Tenants<'_> {
        Tenants(self)
    }

    pub fn users(&self) -> Users<'_> {
        Users(self)
    }

    pub fn directory(&self) -> Directory<'_> {
        Directory(self)
    }

    pub(crate) fn sessions(&self) -> Sessions<'_> {
        Sessions(self)
    }

    pub(crate) fn tenant(&self) -> TenantId {
        self.tenant.id()
    }

    pub(crate) fn table(&self) -> &str {
        &self.table.name
    }

    pub(crate) async fn client(&self) -> Result<aws_sdk_dynamodb::Client, StoreError> {
        self.table.sessions.client(&self.tenant).await
    }

    pub(crate) fn write(
        &self,
        partition: &Partition<'_>,
        sort: impl Into<String>,
        condition: Condition,
        conflict: Conflict,
    ) -> Write {
        Write::new(&self.table.name, partition.key(self.tenant()), sort, condition, conflict)
    }

    /// A write of state: its document and its version.
    pub(crate) fn write_state(
        &self,
        partition: &Partition<'_>,
        sort: impl Into<String>,
        condition: Condition,
        conflict: Conflict,
        (version, value): (Version, &impl Serialize),
    ) -> Result<Write, StoreError> {
        let document = serde_json::to_string(value).map_err(StoreError::corrupt)?;
        Ok(self.write(partition, sort, condition, conflict).number(VERSION, version).text(DOC, document))
    }

    pub(crate) async fn commit(&self, writes: Vec<Write>) -> Result<(), StoreError> {
        commit(&self.client().await?, writes).await
    }

    /// Reads one item as it is now, not as it was a moment ago.
    pub(crate) async fn get(
        &self,
        partition: &Partition<'_>,
        sort: &str,
    ) -> Result<Option<Item>, StoreError> {
        self.get_item(partition, sort, true).await
    }

    /// Costs half of a consistent read; for views, never for decisions.
    pub(crate) async fn get_eventually(
        &self,
        partition: &Partition<'_>,
        sort: &str,
    ) -> Result<Option<Item>, StoreError> {
        self.get_item(partition, sort, false).await
    }

    async fn get_item(
        &self,
        partition: &Partition<'_>,
        sort: &str,
        consistent: bool,
    ) -> Result<Option<Item>, StoreError> {
        let answer = self
            .client()
            .await?
            .get_item()
            .table_name(&self.table.name)
            .set_key(Some(self.key(partition, sort)))
            .consistent_read(consistent)
            .send()
            .await
            .map_err(StoreError::unavailable)?;
        Ok(answer.item)
    }

    pub(crate) fn key(&self, partition: &Partition<'_>, sort: &str) -> Item {
        HashMap::from([
            (PK.to_owned(), AttributeValue::S(partition.key(self.tenant()))),
            (SK.to_owned(), AttributeValue::S(sort.to_owned())),
        ])
    }
}

pub(crate) fn stored<T: DeserializeOwned>(item: &Item) -> Result<Stored<T>, StoreError> {
    let version = number(item, VERSION)?;
    Ok(Stored {
        version: Version::from_number(version).ok_or_else(|| StoreError::corrupt("version 0"))?,
        value: serde_json::from_str(text(item, DOC)?).map_err(StoreError::corrupt)?,
    })
}

pub(crate) fn text<'a>(item: &'a Item, name: &str) -> Result<&'a str, StoreError> {
    match item.get(name) {
        Some(AttributeValue::S(text)) => Ok(text),
        _ => Err(StoreError::corrupt(format!("the attribute {name} is not a text"))),
    }
}

pub(crate) fn number<T: std::str::FromStr>(item: &Item, name: &str) -> Result<T, StoreError> {
    match item.get(name) {
        Some(AttributeValue::N(number)) => number.parse().ok(),
        _ => None,
    }
    .ok_or_else(|| StoreError::corrupt(format!("the attribute {name} is not a whole number")))
}
