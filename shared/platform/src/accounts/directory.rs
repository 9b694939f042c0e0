//! The directory: a tenant's users by their e-mail addresses.
//!
//! An entry keeps its address unique, and is the one item that a log-in reads of a user.

use domain::event::Event;
use domain::id::UserId;
use domain::person::Person;
use domain::role::{OlderRole, Roles};
use domain::text::Email;
use domain::user::{Gone, User, UserStatus};
use domain::{Version, Versioned};
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

    /// The writes of the decided user's entry; of two, if the address has changed. Then `password` is the hash that the
    /// user has.
    pub(super) fn entries(
        &self,
        decided: &Decided<User>,
        password: Option<&PasswordHash>,
    ) -> Result<Vec<Write>, StoreError> {
        let entry = self.entry(decided, password)?;
        match decided.before.as_ref().map(|before| &before.email) {
            Some(former) if *former != decided.next.value.email => {
                let taken = Conflict::Exists("e-mail address");
                Ok(vec![entry.put_if(unclaimed(), taken), self.departure(decided, former)])
            }
            _ => Ok(vec![entry]),
        }
    }

    /// The write of the decided user's entry. An existing entry keeps its password unless there is a new one.
    fn entry(&self, decided: &Decided<User>, password: Option<&PasswordHash>) -> Result<Write, StoreError> {
        let User { id, person, email, roles, status, valid_from } = decided.next.value.clone();
        let document = Entry { person, role: (&roles).into(), roles: Some(roles), status, valid_from };
        let write =
            self.0.decided_state(&DIRECTORY.partition(), sort_key(email.as_str()), decided, &document)?;
        let write = write.text(USER_ID, id.to_string());
        let write = match password {
            Some(password) => write.text(PASSWORD, password.stored()),
            None => write,
        };
        let taken = Conflict::Exists("e-mail address");
        Ok(match decided.before.as_ref().map(|before| before.status) {
            Some(UserStatus::PendingVerification) => write.put_if(theirs(decided.expected(), id), taken),
            Some(_) => write.update(),
            None => write.put_if(unclaimed(), taken),
        })
    }

    fn departure(&self, decided: &Decided<User>, former: &Email) -> Write {
        let unchanged = decided.condition();
        self.0.write(&DIRECTORY.partition(), sort_key(former.as_str()), unchanged, Conflict::Version).delete()
    }

    /// Whether the entry of the user's address is the user's. Somebody else may have got the address of who has not
    /// confirmed it.
    pub(super) async fn lists(&self, user: &User) -> Result<bool, StoreError> {
        match user.status {
            UserStatus::PendingVerification => {
                let found = self.find(&user.email).await?;
                Ok(found.is_some_and(|(found, _)| found.value.id == user.id))
            }
            UserStatus::Invited | UserStatus::Active | UserStatus::Deactivated => Ok(true),
        }
    }

    /// The write that removes the entry of a user who is deleted.
    pub(super) fn removal(&self, user: &User, decided: &Decided<User, Event, Gone>) -> Write {
        let theirs = theirs(decided.expected(), user.id);
        let key = sort_key(user.email.as_str());
        self.0.write(&DIRECTORY.partition(), key, theirs, Conflict::Version).delete()
    }

    /// The write that names a user who is deleted by the id alone.
    pub(super) fn name_of_deleted(&self, user: UserId) -> Write {
        let key = SortKey::of(format_args!("{DELETED}{user}"));
        let name = self.0.write(&DIRECTORY.partition(), key, Condition::absent(), Conflict::Version);
        name.text(USER_ID, user.to_string())
    }
}

/// Nobody has the address; at most, somebody has registered with it who has not shown that it is theirs. Such an entry
/// alone expires.
fn unclaimed() -> Condition {
    Condition::that("attribute_not_exists(pk) OR attribute_exists(expiresAt)")
}

/// The entry is this user's, of this version. Of who has registered, it may be that of somebody else who has since.
fn theirs(version: Version, user: UserId) -> Condition {
    let condition = Condition::with("version = :version AND userId = :user", ":version", version.number());
    condition.and_with(":user", user.to_string().as_str())
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
