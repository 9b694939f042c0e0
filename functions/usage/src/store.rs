//! The log of closed days.

use domain::Stamp;
use domain::event::{Event, UsageClosed};
use domain::usage::closing_id;
use platform::table::namespace::usage::USAGE;
use platform::table::{Conflict, Scope, StoreError};

/// Commits the closing of a day, once. Returns whether it is new.
pub(crate) async fn append(scope: &Scope, closed: UsageClosed, stamp: Stamp) -> Result<bool, StoreError> {
    let tenant = scope.tenant();
    let (version, id) = (closed.day.version(), closing_id(tenant, closed.day));
    let write = scope.log(&USAGE, tenant)?.told(version, stamp, (id, &Event::UsageClosed(closed)))?;
    match scope.commit(vec![write]).await {
        Ok(()) => Ok(true),
        Err(StoreError::Conflict(Conflict::Version)) => Ok(false),
        Err(error) => Err(error),
    }
}
