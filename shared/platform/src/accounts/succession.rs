//! Owners who are lost: an operator invites somebody to take the place, and may let the link be mailed again.

use domain::Versioned;
use domain::id::UserId;
use domain::role::BuiltInRole;
use domain::text::Email;
use domain::user::{User, UserStatus};

use crate::accounts::{OperatedTenant, role_books, tenants};
use crate::table::{Decided, OperatorCommand, SortKey, StoreError};

/// The owner of a tenant, and who is to take the owner's place.
pub struct Succession {
    owner: UserId,
    /// Who was invited last; not whether that is open still.
    invited: Option<UserId>,
}

/// What takes the session of [`Operating::open_to_replace_owners`](crate::accounts::Operating::open_to_replace_owners).
impl OperatedTenant {
    /// Read consistently in one request; `None` if there is no such tenant.
    pub async fn succession(&self) -> Result<Option<Succession>, StoreError> {
        let scope = self.scope();
        let profile = (scope.tenants().partition(), SortKey::SINGLE);
        let [profile, book] = scope.get_each([profile, role_books::key(scope)]).await?;
        let Some(profile) = profile else { return Ok(None) };
        let book = match book {
            Some(row) => role_books::book(&row)?,
            None => role_books::before_the_first(&profile)?,
        };
        Ok(Some(Succession { owner: book.value.owner, invited: tenants::successor(&profile)? }))
    }

    /// The user with this address who was invited last, if the invitation is open.
    pub async fn invited_successor(
        &self,
        succession: &Succession,
        email: &Email,
    ) -> Result<Option<Versioned<User>>, StoreError> {
        let Some(invited) = succession.invited else { return Ok(None) };
        let found = self.scope().users().get(invited).await?;
        Ok(found.filter(|Versioned { value: user, .. }| {
            user.status == UserStatus::Invited && user.email == *email && user.roles.has(BuiltInRole::Admin)
        }))
    }

    /// Commits an invited admin who takes the owner's place by redeeming the link, with the row of the operators' audit and
    /// the receipt of the request in one transaction.
    ///
    /// Fails with [`Conflict::Exists`](crate::table::Conflict::Exists) when the address is taken.
    pub async fn invite_owner(
        &self,
        succession: &Succession,
        user: &Decided<User>,
        command: &OperatorCommand,
    ) -> Result<(), StoreError> {
        let users = self.scope().users();
        self.commit_with(users.succession(user, succession.owner, &command.context)?, command).await
    }

    /// Commits that another link is mailed to the invited user, in the place of the one before, with the same rows.
    pub async fn invite_owner_again(
        &self,
        succession: &Succession,
        user: UserId,
        command: &OperatorCommand,
    ) -> Result<(), StoreError> {
        let links = self.scope().links();
        let writes = links.ownership_again((user, succession.owner), command).await?;
        self.commit_with(writes, command).await
    }
}
