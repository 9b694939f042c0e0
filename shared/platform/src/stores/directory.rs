//! Users by their e-mail addresses: an entry keeps its address unique, answers a log-in alone, and is a row of the list.

use domain::id::UserId;
use domain::text::{Email, EmailPrefix, PersonName};
use domain::user::{Role, User, UserStatus};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::passwords::PasswordHash;
use crate::stores::keys::{Partition, SK};
use crate::stores::listing::{Listing, beginning_with};
use crate::stores::scope::{Item, stored, text};
use crate::stores::write::{Condition, Write};
use crate::stores::{Conflict, LoadedUser, Page, Scope, StoreError, Version};

/// Apart from the document, so that a change of the user leaves it alone.
const PASSWORD: &str = "password";
/// So that no address looks like a commit's sort key to the relay.
const PREFIX: &str = "m#";

pub struct Directory<'a>(pub(crate) &'a Scope);

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    user: UserId,
    name: PersonName,
    role: Role,
    status: UserStatus,
    valid_from: Timestamp,
}

impl Directory<'_> {
    /// The user of this address, and the password's hash.
    pub async fn find(&self, email: &Email) -> Result<Option<(LoadedUser, PasswordHash)>, StoreError> {
        let Some(item) = self.0.get(&Partition::Directory, &sort_key(email.as_str())).await? else {
            return Ok(None);
        };
        let password = PasswordHash::from_stored(text(&item, PASSWORD)?.to_owned());
        Ok(Some((user(&item)?, password)))
    }

    /// In the order of addresses.
    pub async fn list(
        &self,
        prefix: Option<&EmailPrefix>,
        limit: usize,
        after: Option<&Email>,
    ) -> Result<Page<LoadedUser, Email>, StoreError> {
        let listing = Listing {
            between: Some(beginning_with(&sort_key(prefix.map_or("", EmailPrefix::as_str)))),
            ascending: true,
            after: after.map(|email| sort_key(email.as_str())),
            limit,
            // Not the passwords' hashes.
            only: Some("sk, version, doc"),
            ..Listing::default()
        };
        let page = self.0.list(&Partition::Directory, listing).await?;
        Ok(Page {
            items: page.items.iter().map(user).collect::<Result<_, _>>()?,
            next_cursor: page.next_cursor.as_deref().map(email).transpose()?,
        })
    }

    pub(crate) fn creation(&self, user: &LoadedUser) -> Result<Write, StoreError> {
        self.entry(user, Condition::absent(), Conflict::Exists("e-mail address"))
    }

    pub(crate) fn change(&self, before: Version, next: &LoadedUser) -> Result<Write, StoreError> {
        Ok(self.entry(next, Condition::at(before), Conflict::Version)?.update())
    }

    pub(crate) fn with_password(entry: Write, password: &PasswordHash) -> Write {
        entry.text(PASSWORD, password.stored())
    }

    fn entry(
        &self,
        LoadedUser { user, version }: &LoadedUser,
        condition: Condition,
        conflict: Conflict,
    ) -> Result<Write, StoreError> {
        let entry = Entry {
            user: user.id,
            name: user.name.clone(),
            role: user.role,
            status: user.status,
            valid_from: user.valid_from,
        };
        let sort = sort_key(user.email.as_str());
        self.0.write_state(&Partition::Directory, sort, condition, conflict, (*version, &entry))
    }
}

fn sort_key(email: &str) -> String {
    format!("{PREFIX}{email}")
}

fn email(sort_key: &str) -> Result<Email, StoreError> {
    let email = sort_key.strip_prefix(PREFIX).unwrap_or_default().to_owned();
    Email::try_from(email).map_err(StoreError::corrupt)
}

fn user(item: &Item) -> Result<LoadedUser, StoreError> {
    let stored = stored::<Entry>(item)?;
    let Entry { user: id, name, role, status, valid_from } = stored.value;
    let email = email(text(item, SK)?)?;
    Ok(LoadedUser { user: User { id, name, email, role, status, valid_from }, version: stored.version })
}
