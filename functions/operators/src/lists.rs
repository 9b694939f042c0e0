//! Lists of tenants, and of what was done to them and by operators.

use audit::{AskedActor, AuditEntryView};
use domain::audit::AuditPosition;
use domain::event::{EventType, Tagged};
use domain::id::TenantId;
use domain::operator::{Action, OperatorPrincipal};
use domain::tenant::TenantStatus;
use domain::text::{Slug, TenantName, TierName};
use jiff::Timestamp;
use platform::accounts::{
    Operating, Operation, OperationsFilter, RegisterEntry, RegisterFilter, RegisteredTenant,
};
use platform::http::{Limit, NoBody, OperatorCall, Problem, Rfc3339, period};
use platform::table::{OperatorRegistry, Page};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::requests::TenantParameters;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListParameters {
    #[serde(default)]
    limit: Limit,
    cursor: Option<TenantId>,
    status: Option<TenantStatus>,
    tier: Option<TierName>,
    /// The beginning of the name, in any case.
    name: Option<TenantName>,
    slug: Option<Slug>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ListedTenant")]
pub struct ListedTenantView {
    id: TenantId,
    #[serde(flatten)]
    entry: RegisterEntry,
}

pub async fn list(
    registry: &OperatorRegistry,
    call: OperatorCall<ListParameters, NoBody>,
) -> Result<Page<ListedTenantView, TenantId>, Problem> {
    let ListParameters { limit, cursor, status, tier, name, slug } = call.parameters;
    let filter = RegisterFilter { status, tier, name, slug };
    let page = registry.tenants(&filter, limit.get(), cursor).await?;
    Ok(page.map(|RegisteredTenant { id, entry }| ListedTenantView { id, entry }))
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OperationsParameters {
    #[serde(default)]
    limit: Limit,
    cursor: Option<AuditPosition>,
    tenant: Option<TenantId>,
    principal: Option<OperatorPrincipal>,
    /// Only what was done at this time or later. Must not be in the future.
    from: Option<Rfc3339>,
    /// Only what was done at this time or earlier.
    to: Option<Rfc3339>,
}

/// What an operator did.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Operation")]
pub struct OperationView {
    at: Timestamp,
    principal: OperatorPrincipal,
    #[schemars(with = "Action")]
    action: Tagged<Action>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant: Option<TenantId>,
}

pub async fn list_operations(
    registry: &OperatorRegistry,
    call: OperatorCall<OperationsParameters, NoBody>,
) -> Result<Page<OperationView, AuditPosition>, Problem> {
    let now = call.now();
    let OperationsParameters { limit, cursor, tenant, principal, from, to } = call.parameters;
    let (from, to) = period(from, to, now)?;
    let filter = OperationsFilter { tenant, principal, from, to };
    let page = registry.operations(&filter, limit.get(), cursor).await?;
    Ok(page.map(|Operation { at, principal, action, tenant }| OperationView {
        at,
        principal,
        action,
        tenant,
    }))
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TenantAuditParameters {
    id: TenantId,
    #[serde(default)]
    limit: Limit,
    cursor: Option<AuditPosition>,
    actor: Option<AskedActor>,
    kind: Option<EventType>,
    /// Only events at this time or later. Must not be in the future.
    from: Option<Rfc3339>,
    /// Only events at this time or earlier.
    to: Option<Rfc3339>,
}

impl AsRef<TenantId> for TenantAuditParameters {
    fn as_ref(&self) -> &TenantId {
        &self.id
    }
}

impl AsRef<TenantId> for TenantParameters {
    fn as_ref(&self) -> &TenantId {
        &self.id
    }
}

/// The audit of the tenant that the path names, as its own admins see it. Answers 404 if there is no such tenant.
pub async fn audit(
    operating: &'static Operating,
    call: OperatorCall<TenantAuditParameters, NoBody>,
) -> Result<Page<AuditEntryView, AuditPosition>, Problem> {
    let (tenant, _) = crate::tenant(operating, &call).await?;
    let now = call.now();
    let TenantAuditParameters { id: _, limit, cursor, actor, kind, from, to } = call.parameters;
    audit::list_in(tenant.scope(), &audit::Parameters { limit, cursor, actor, kind, from, to }, now).await
}
