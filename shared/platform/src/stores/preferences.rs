//! What each user wants to be told of.

use domain::id::UserId;
use domain::notification::{Channels, Preferences};
use serde::{Deserialize, Serialize};

use crate::stores::keys::Partition;
use crate::stores::scope::stored;
use crate::stores::write::Condition;
use crate::stores::{Conflict, Scope, StoreError, Version};

pub struct NotificationPreferences<'a>(pub(crate) &'a Scope);

/// A kind that is younger than the document has its default.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    #[serde(default)]
    order_confirmed: Channels,
    #[serde(default)]
    order_cancelled: Channels,
}

impl NotificationPreferences<'_> {
    /// Who has not chosen has the defaults, at version 0.
    pub async fn of(&self, user: UserId) -> Result<(Preferences, Version), StoreError> {
        let Some(item) = self.0.get(&Partition::Preferences, &user.to_string()).await? else {
            return Ok((Preferences::default(), Version::NONE));
        };
        let stored = stored::<Document>(&item)?;
        let Document { order_confirmed, order_cancelled } = stored.value;
        Ok((Preferences { order_confirmed, order_cancelled }, stored.version))
    }

    /// Follows on this version, or is refused.
    pub async fn replace(
        &self,
        user: UserId,
        preferences: Preferences,
        version: Version,
    ) -> Result<(), StoreError> {
        let Preferences { order_confirmed, order_cancelled } = preferences;
        let document = Document { order_confirmed, order_cancelled };
        let write = self.0.write_state(
            &Partition::Preferences,
            user.to_string(),
            Condition::at(version),
            Conflict::Version,
            (version.next(), &document),
        )?;
        self.0.commit(vec![write]).await
    }
}
