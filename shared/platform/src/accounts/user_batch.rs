//! Many users at once, for what belongs to several of them.

use std::collections::HashMap;

use domain::id::UserId;
use domain::user::User;

use super::Users;
use super::users::stored;
use crate::table::namespace::accounts::USER;
use crate::table::{SortKey, StoreError};

impl Users<'_> {
    /// Eventually consistent reads of many users. Those that do not exist, or not any more, are left out.
    pub async fn get_all_eventually(
        &self,
        ids: impl IntoIterator<Item = UserId>,
    ) -> Result<HashMap<UserId, User>, StoreError> {
        let ids: Vec<UserId> = ids.into_iter().collect();
        let rows = self.0.get_all_eventually(ids.iter().map(|id| (USER.of(*id), SortKey::SINGLE))).await?;
        let mut users = HashMap::new();
        for row in rows {
            let Some(id) = ids.iter().find(|id| row.is_in(&USER.of(**id))) else { continue };
            users.extend(stored(*id, Some(row))?.map(|user| (*id, user.value)));
        }
        Ok(users)
    }
}
