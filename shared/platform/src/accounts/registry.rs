//! The registry of tenants, which is a table of its own.

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};
use domain::Versioned;
use domain::id::TenantId;
use domain::tenant::{TenantProfile, TenantStatus};
use domain::text::Slug;
use domain::tier::Tiers;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::StartError;
use crate::accounts::tiers;
use crate::aws::{dynamodb, with_endpoint};
use crate::config::required;
use crate::metering::charge;
use crate::table::{Attribute, Condition, Conflict, PK, Row, SK, SortKey, StoreError, Write};
use crate::tenancy::Tenant;

const COUNT: &str = "failures";
const EXPIRES_AT: Attribute = Attribute::new("expiresAt");
const HIGHEST_COUNT: u32 = 1_000;

/// The registry: each tenant's id and status, by its slug.
pub struct Registry {
    client: aws_sdk_dynamodb::Client,
    table: String,
}

/// A counter, which is deleted some time after its expiry.
#[derive(Debug, Default)]
pub(crate) struct Counter {
    pub(crate) count: u32,
    /// In seconds of Unix time; `None` if there is no such counter.
    pub(crate) until: Option<i64>,
}

impl Counter {
    fn read(row: &Row) -> Self {
        let count = row.number(Attribute::new(COUNT)).unwrap_or_default();
        Self { count, until: row.number(EXPIRES_AT).ok() }
    }
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
            client: dynamodb(&with_endpoint(shared, "AWS_ENDPOINT_URL_DYNAMODB")),
            table: required("REGISTRY_TABLE")?,
        })
    }

    pub(crate) async fn entry(&self, slug: &Slug) -> Result<Option<Entry>, StoreError> {
        match self.get(slug_key(slug)).await? {
            Some(row) => row.document().map(Some),
            None => Ok(None),
        }
    }

    /// The tiers, read consistently.
    pub(crate) async fn tiers(&self) -> Result<Versioned<Tiers>, StoreError> {
        tiers::tiers(self.get(tiers::PARTITION.to_owned()).await?.as_ref())
    }

    pub(crate) fn table(&self) -> &str {
        &self.table
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

    /// Reads counters, each at its partition and sort key, eventually consistent: the count of failures need not be
    /// exact.
    pub(crate) async fn counters<const N: usize>(
        &self,
        keys: [(&str, &str); N],
    ) -> Result<[Counter; N], StoreError> {
        let wanted = keys.map(|(pk, sk)| key(pk, sk));
        let request = KeysAndAttributes::builder().set_keys(Some(wanted.to_vec()));
        let request = request.build().map_err(StoreError::corrupt)?;
        let answer = self.client.batch_get_item().request_items(&self.table, request).send().await;
        let answer = answer.map_err(StoreError::from_sdk)?;
        let rows: Vec<Row> =
            answer.responses.into_iter().flat_map(HashMap::into_values).flatten().map(Row::new).collect();
        Ok(wanted.map(|key| rows.iter().find(|row| row.is_at(&key)).map(Counter::read).unwrap_or_default()))
    }

    /// Adds one to a counter, and sets the second in which it expires.
    pub(crate) async fn count(&self, pk: &str, sk: &str, until: i64) -> Result<(), StoreError> {
        let outcome = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(pk, sk)))
            .update_expression("ADD #count :one SET expiresAt = :until")
            // Nothing is decided by a higher count.
            .condition_expression("attribute_not_exists(#count) OR #count < :most")
            .expression_attribute_names("#count", COUNT)
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .expression_attribute_values(":most", AttributeValue::N(HIGHEST_COUNT.to_string()))
            .expression_attribute_values(":until", AttributeValue::N(until.to_string()))
            .send()
            .await;
        match outcome {
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(UpdateItemError::is_conditional_check_failed_exception) =>
            {
                Ok(())
            }
            outcome => outcome.map(drop).map_err(StoreError::from_sdk),
        }
    }

    /// The write that registers a tenant. Its commit fails when the slug is taken.
    pub(crate) fn registration(table: &str, profile: &TenantProfile) -> Result<Write, StoreError> {
        Self::entry_of(table, profile, Condition::absent(), Conflict::Exists("slug"))
    }

    /// The write of a registered tenant's status.
    pub(crate) fn restatement(table: &str, profile: &TenantProfile) -> Result<Write, StoreError> {
        Self::entry_of(table, profile, Condition::exists(), Conflict::Version)
    }

    fn entry_of(
        table: &str,
        profile: &TenantProfile,
        condition: Condition,
        conflict: Conflict,
    ) -> Result<Write, StoreError> {
        let entry = Entry { tenant: profile.id, status: profile.status() };
        Write::in_registry(table, (slug_key(&profile.slug), &SortKey::SINGLE), condition, conflict, &entry)
    }
}

fn key(pk: &str, sk: &str) -> HashMap<String, AttributeValue> {
    [(PK, pk), (SK, sk)].map(|(name, value)| (name.to_owned(), AttributeValue::S(value.to_owned()))).into()
}

pub(super) fn slug_key(slug: &Slug) -> String {
    format!("slug#{}", slug.as_str())
}

pub(super) fn is_active(status: TenantStatus) -> bool {
    status == TenantStatus::Active
}

/// The tenant with that slug and such a status. For any other slug, it is a tenant that does not exist, in whose scope
/// nobody is found: the work would tell, too, whether a slug is known.
pub(super) async fn tenant_of(
    registry: &Registry,
    slug: &Slug,
    accepts: fn(TenantStatus) -> bool,
) -> Result<Tenant, StoreError> {
    let entry = registry.entry(slug).await?;
    if let Some(entry) = &entry {
        charge(entry.tenant);
    }
    let entry = entry.filter(|entry| accepts(entry.status));
    Ok(Tenant::from_registry(entry.map_or_else(|| nobody(slug), |entry| entry.tenant)))
}

/// Ids are of version 7, so no tenant has this one.
fn nobody(slug: &Slug) -> TenantId {
    TenantId::from_uuid(Uuid::new_v5(&Uuid::NAMESPACE_OID, slug.as_str().as_bytes()))
}
