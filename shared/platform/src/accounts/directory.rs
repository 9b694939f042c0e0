//! The directory: a tenant's users by their e-mail addresses.
//!
//! An entry keeps its address unique, and is the one item that a log-in reads of a user.

use domain::Versioned;
use domain::event::Event;
use domain::id::UserId;
use domain::person::Person;
use domain::role::{OlderRole, Roles};
use domain::text::Email;
use domain::user::{Gone, User, UserStatus};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::accounts::passwords::PasswordHash;
use crate::table::namespace::{USER_ID, accounts::DIRECTORY};
use crate::table::{
    Attribute, Condition, Conflict, Decided, Listing, Page, Row, Scope, SortKey, StoreError, Write,
    beginning_with,
};

/// The password's hash. It is not in the document, so that an update of the user leaves it alone.
const PASSWORD: Attribute = Attribute::new("password");
/// The prefix of sort keys, which keeps an address from looking like the sort key of a commit.
const PREFIX: &str = "m#";

/// The prefix of the names of deleted users.
const DELETED: &str = "d#";

/// The directory of one tenant.
pub struct Directory<'a>(pub(crate) &'a Scope);

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    #[serde(flatten)]
    person: Person,
    /// The one role of rows of before there were several, which functions of that version read.
    role: OlderRole,
    roles: Option<Roles>,
    status: UserStatus,
    valid_from: Timestamp,
}

impl Directory<'_> {
    /// The user with this address, and the hash of the user's password. One who is not active yet has none.
    pub async fn find(
        &self,
        email: &Email,
    ) -> Result<Option<(Versioned<User>, Option<PasswordHash>)>, StoreError> {
        let Some(row) = self.0.get(&DIRECTORY.partition(), &sort_key(email.as_str())).await? else {
            return Ok(None);
        };
        let stored = row.has(PASSWORD).then(|| row.text(PASSWORD)).transpose()?;
        let password = stored.map(|stored| PasswordHash::from_stored(stored.to_owned()));
        Ok(Some((user(&row)?, password)))
    }

    /// The ids of users in the order of their addresses, read consistently.
    pub(super) async fn ids(
        &self,
        limit: usize,
        cursor: Option<&Email>,
    ) -> Result<Page<UserId, Email>, StoreError> {
        let listing = Listing {
            between: Some(beginning_with(PREFIX)),
            ascending: true,
            cursor: cursor.map(|email| sort_key(email.as_str())),
            limit,
            // This leaves out the hashes of passwords.
            only: Some(&[USER_ID]),
            consistent: true,
            ..Listing::default()
        };
        let page = self.0.list(&DIRECTORY.partition(), listing).await?;
        Ok(Page {
            items: page.items.iter().map(id).collect::<Result<_, _>>()?,
            next_cursor: page.next_cursor.as_ref().map(email).transpose()?,
        })
    }

    /// The write of the decided user's entry. An existing entry keeps its password unless there is a new one.
    pub(super) fn entry(
        &self,
        decided: &Decided<User>,
        password: Option<&PasswordHash>,
    ) -> Result<Write, StoreError> {
        let User { id, person, email, roles, status, valid_from } = decided.next.value.clone();
        let document = Entry { person, role: (&roles).into(), roles: Some(roles), status, valid_from };
        let write =
            self.0.decided_state(&DIRECTORY.partition(), sort_key(email.as_str()), decided, &document)?;
        let write = write.text(USER_ID, id.to_string());
        let write = match password {
            Some(password) => write.text(PASSWORD, password.stored()),
            None => write,
        };
        Ok(match decided.before {
            Some(_) => write.update(),
            None => write.refusing(Conflict::Exists("e-mail address")),
        })
    }

    /// The writes that remove the entry of a user who is deleted, and name the user by the id alone.
    pub(super) fn removal(&self, user: &User, decided: &Decided<User, Event, Gone>) -> [Write; 2] {
        let partition = DIRECTORY.partition();
        let entry = self.0.decided_end(&partition, sort_key(user.email.as_str()), decided).delete();
        let key = SortKey::of(format_args!("{DELETED}{}", user.id));
        let name = self.0.write(&partition, key, Condition::absent(), Conflict::Version);
        [entry, name.text(USER_ID, user.id.to_string())]
    }
}

fn sort_key(email: &str) -> SortKey {
    SortKey::of(format_args!("{PREFIX}{email}"))
}

fn email(sort_key: &SortKey) -> Result<Email, StoreError> {
    let email = sort_key.as_str().strip_prefix(PREFIX).unwrap_or_default().to_owned();
    Email::try_from(email).map_err(StoreError::corrupt)
}

fn id(row: &Row) -> Result<UserId, StoreError> {
    row.text(USER_ID)?.parse().map_err(StoreError::corrupt)
}

fn user(row: &Row) -> Result<Versioned<User>, StoreError> {
    let id = id(row)?;
    let email = email(&row.sort_key()?)?;
    Ok(row.state::<Entry>()?.map(|Entry { person, role, roles, status, valid_from }| User {
        id,
        person,
        email,
        roles: roles.unwrap_or_else(|| role.into()),
        status,
        valid_from,
    }))
}
