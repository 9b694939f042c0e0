//! The stored preferences of users.

use domain::id::UserId;
use domain::notification::Preferences;
use domain::{Version, Versioned};
use platform::table::namespace::notifications::PREFERENCES;
use platform::table::{CommandContext, Decided, Scope, SortKey, StoreError};
use serde_json::{Map, Value};

/// The user's preferences. Those of a user who has not chosen are the defaults, at version 0.
pub(crate) async fn get(scope: &Scope, user: UserId) -> Result<Versioned<Preferences>, StoreError> {
    match scope.get(&PREFERENCES.partition(), &SortKey::of(user)).await? {
        Some(row) => {
            let Versioned { value: stored, version } = row.state()?;
            Ok(Versioned { value: completed(&stored)?, version })
        }
        None => Ok(Versioned { value: Preferences::default(), version: Version::NONE }),
    }
}

/// Reads a stored choice. A kind of notification that is newer than the choice gets its default.
fn completed(stored: &Map<String, Value>) -> Result<Preferences, StoreError> {
    let mut kinds = serde_json::to_value(Preferences::default()).map_err(StoreError::corrupt)?;
    for (kind, channels) in kinds.as_object_mut().into_iter().flatten() {
        if let Some(chosen) = stored.get(kind) {
            *channels = chosen.clone();
        }
    }
    serde_json::from_value(kinds).map_err(StoreError::corrupt)
}

pub(crate) async fn commit(
    scope: &Scope,
    user: UserId,
    decided: &Decided<Preferences>,
    context: &CommandContext,
) -> Result<(), StoreError> {
    let row =
        scope.decided_state(&PREFERENCES.partition(), SortKey::of(user), decided, &decided.next.value)?;
    let receipt = scope.receipt_of(context)?;
    scope.commit([Some(row), receipt].into_iter().flatten().collect()).await
}

#[cfg(test)]
mod tests {
    use domain::notification::Channels;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_kind_that_was_not_chosen_has_its_default_and_one_that_is_gone_is_dropped() {
        let chosen = json!({ "orderConfirmed": { "inApp": false, "email": true }, "gone": {} });
        let preferences = completed(chosen.as_object().unwrap()).unwrap();
        assert_eq!(preferences.order_confirmed, Channels { in_app: false, email: true });
        assert_eq!(preferences.order_cancelled, Channels::default());
    }
}
