//! What operators did, as their audit tells it.

use domain::audit::{AuditPosition, between};
use domain::event::Tagged;
use domain::id::TenantId;
use domain::operator::{Action, OperatorPrincipal};
use jiff::Timestamp;

use crate::table::{AuditedCommand, Listing, OPERATORS_AUDIT, OperatorRegistry, Page, SortKey, StoreError};

/// Which commands to list. A command has to match everything that is given.
#[derive(Debug, Default)]
pub struct OperationsFilter {
    pub tenant: Option<TenantId>,
    pub principal: Option<OperatorPrincipal>,
    /// `from` and `to` are inclusive, and compared in milliseconds.
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
}

/// A command of an operator.
#[derive(Debug)]
pub struct Operation {
    pub at: Timestamp,
    pub principal: OperatorPrincipal,
    /// It may be of a newer version than this one.
    pub action: Tagged<Action>,
    pub tenant: Option<TenantId>,
}

impl OperatorRegistry {
    /// Lists what operators did, newest first.
    pub async fn operations(
        &self,
        filter: &OperationsFilter,
        limit: usize,
        cursor: Option<AuditPosition>,
    ) -> Result<Page<Operation, AuditPosition>, StoreError> {
        let listing = Listing {
            between: between(filter.from, filter.to),
            cursor: cursor.map(SortKey::of),
            limit,
            ..Listing::default()
        };
        let OperationsFilter { tenant, principal, .. } = filter;
        let is_filtered = tenant.is_some() || principal.is_some();
        let matches = |done: &Operation| {
            tenant.is_none_or(|tenant| done.tenant == Some(tenant))
                && principal.as_ref().is_none_or(|principal| done.principal == *principal)
        };
        let page = self.list(OPERATORS_AUDIT, listing, is_filtered.then_some(matches), |row| {
            let AuditedCommand { at, principal, action, tenant } = row.document()?;
            Ok(Operation { at, principal, action, tenant })
        });
        page.await?.with_cursor()
    }
}
