//! The registry of tenants, which is a table of its own.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::id::TenantId;
use domain::tenant::{TenantProfile, TenantStatus};
use domain::text::Slug;
use serde::{Deserialize, Serialize};

use crate::StartError;
use crate::aws::with_endpoint;
use crate::config::required;
use crate::table::{Conflict, PK, Row, SK, SortKey, StoreError, Write};

/// The registry: each tenant's id and status, by its slug.
pub struct Registry {
    client: aws_sdk_dynamodb::Client,
    table: String,
}

/// A tenant's entry.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) tenant: TenantId,
    pub(crate) status: TenantStatus,
}

impl Registry {
    pub(crate) fn open(shared: &aws_types::SdkConfig) -> Result<Self, StartError> {
        Ok(Self {
            client: aws_sdk_dynamodb::Client::new(&with_endpoint(shared, "AWS_ENDPOINT_URL_DYNAMODB")),
            table: required("REGISTRY_TABLE")?,
        })
    }

    pub(crate) async fn entry(&self, slug: &Slug) -> Result<Option<Entry>, StoreError> {
        match self.get(slug_key(slug)).await? {
            Some(row) => row.document().map(Some),
            None => Ok(None),
        }
    }

    /// Fails when the table cannot be read.
    pub(crate) async fn check(&self) -> Result<(), StoreError> {
        self.get("health".to_owned()).await.map(|_| ())
    }

    async fn get(&self, pk: String) -> Result<Option<Row>, StoreError> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .key(PK, AttributeValue::S(pk))
            .key(SK, AttributeValue::S(SortKey::SINGLE.as_str().to_owned()))
            .consistent_read(true)
            .send()
            .await
            .map_err(StoreError::from_sdk)?;
        Ok(answer.item.map(Row::new))
    }

    /// The write that registers a tenant. Its commit fails when the slug is taken.
    pub(crate) fn registration(table: &str, profile: &TenantProfile) -> Result<Write, StoreError> {
        let entry = Entry { tenant: profile.id, status: profile.status };
        let document = serde_json::to_string(&entry).map_err(StoreError::corrupt)?;
        Ok(Write::in_registry(table, slug_key(&profile.slug), document, Conflict::Exists("slug")))
    }
}

fn slug_key(slug: &Slug) -> String {
    format!("slug#{}", slug.as_str())
}
