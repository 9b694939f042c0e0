//! The register of people: a slim row for each user, by which users are searched, sorted and counted.
//!
//! A row is written in every commit of its user. Rows stand by the users' ids, which is the order of their creation,
//! and in another order by name.

mod building;
mod cursor;

use domain::id::UserId;
use domain::people::{Criterion, ListedUser, PeopleSort};
use domain::role::{Role, Roles};
use domain::specification::Specification;
use domain::text::{Email, PersonName};
use domain::user::{User, UserStatus};
use domain::{InvalidValue, Versioned};
use jiff::Timestamp;

use crate::table::namespace::accounts::PEOPLE;
use crate::table::{
    Attribute, By, Condition, Conflict, Filter, Listing, Page, Row, Scope, SortKey, StoreError, Test, Write,
    beginning_with,
};

pub use cursor::PeopleCursor;

const NAME: Attribute = Attribute::new("name");
/// The name without case and accents.
const FOLDED: Attribute = Attribute::new("folded");
const EMAIL: Attribute = Attribute::new("email");
const ROLES: Attribute = Attribute::new("roles");
const STATUS: Attribute = Attribute::new("status");
/// In milliseconds, as is the next one. The sort key says the same, but no filter can ask for a key.
const CREATED_AT: Attribute = Attribute::new("createdAt");
const SIGNED_IN_AT: Attribute = Attribute::new("signedInAt");

/// By how many characters of their names users are sorted.
const SORTED_CHARACTERS: usize = 40;
/// How many rows are read at most to count them.
const COUNTED_MOST: usize = 25_000;
/// What the ids of users begin with. The mark of the register is not among them.
const IDS: &str = "usr_";

/// The register of one tenant.
pub struct People<'a>(pub(crate) &'a Scope);

/// Which users to list.
#[derive(Debug, Clone, Copy)]
pub struct PeopleQuery<'a> {
    pub specification: Option<&'a Specification<Criterion>>,
    pub sort: PeopleSort,
}

impl People<'_> {
    /// Reads a page, eventually consistent. With a specification, it may have few users, or none, and a cursor.
    pub async fn list(
        &self,
        query: PeopleQuery<'_>,
        limit: usize,
        cursor: Option<&PeopleCursor>,
    ) -> Result<Page<Versioned<ListedUser>, PeopleCursor>, StoreError> {
        let (by, ascending) = match query.sort {
            PeopleSort::Name => (By::Order, true),
            PeopleSort::NameDescending => (By::Order, false),
            PeopleSort::Created => (By::SortKey, true),
            PeopleSort::CreatedDescending => (By::SortKey, false),
        };
        // The mark has no place in the other order.
        let between = matches!(by, By::SortKey).then(|| beginning_with(IDS));
        let (cursor, filter) = (cursor.map(|cursor| cursor.position(by)), query.filter());
        let listing = Listing { by, between, ascending, cursor, limit, filter, ..Listing::default() };
        let page = self.0.search(&PEOPLE.partition(), listing).await?;
        Ok(Page {
            items: page.items.iter().map(user).collect::<Result<_, _>>()?,
            next_cursor: page.next_cursor.as_ref().map(PeopleCursor::of).transpose()?,
        })
    }

    /// How many users there are, unless it takes more reads than it may.
    pub async fn total(&self, query: PeopleQuery<'_>) -> Result<Option<usize>, StoreError> {
        let (between, filter) = (Some(beginning_with(IDS)), query.filter());
        let listing = Listing { between, filter, limit: COUNTED_MOST, ..Listing::default() };
        self.0.count(&PEOPLE.partition(), listing).await
    }

    /// The write of a user's row, in a commit of the user. It leaves the last sign-in as it is.
    pub(super) fn row(&self, user: &Versioned<User>, is_new: bool) -> Write {
        // The condition on the user's own row orders the writes of this one.
        let listed = user.clone().map(|user| ListedUser::new(&user, None));
        let write = self.write(&listed, Condition::always(), Conflict::Contention);
        // Who only adds users has no right to update them.
        if is_new { write } else { write.update() }
    }

    /// The write that removes a user's row, in the commit that deletes the user.
    pub(super) fn removal(&self, user: UserId) -> Write {
        let key = SortKey::of(user);
        self.0.write(&PEOPLE.partition(), key, Condition::always(), Conflict::Contention).delete()
    }

    /// Copies when a user has signed in. A user who is not in the register yet is left out.
    pub(super) async fn signed_in(&self, user: UserId, at: Timestamp) -> Result<(), StoreError> {
        let is_there = Condition::exists();
        let row = self.0.write(&PEOPLE.partition(), SortKey::of(user), is_there, Conflict::Version);
        let write = row.update().number(SIGNED_IN_AT, at.as_millisecond());
        match self.0.commit(vec![write]).await {
            // Or a commit of the user is under way just then: the next sign-in is in time.
            Err(StoreError::Conflict(_)) => Ok(()),
            outcome => outcome,
        }
    }

    fn write(&self, user: &Versioned<ListedUser>, condition: Condition, conflict: Conflict) -> Write {
        let Versioned { value: user, version } = user;
        let folded = user.folded_name();
        let order: String = folded.chars().take(SORTED_CHARACTERS).collect();
        let write = self.0.write(&PEOPLE.partition(), SortKey::of(user.id), condition, conflict);
        let write = write
            .at_version(*version)
            .in_order(&order)
            .text(NAME, user.name.as_str())
            .text(FOLDED, folded)
            .text(EMAIL, user.folded_email())
            .texts(ROLES, user.roles.iter().map(|role| role.to_string()).collect())
            .text(STATUS, user.status.as_str())
            .number(CREATED_AT, user.created_at().as_millisecond());
        match user.last_sign_in_at {
            Some(at) => write.number(SIGNED_IN_AT, at.as_millisecond()),
            None => write,
        }
    }
}

impl PeopleQuery<'_> {
    fn filter(&self) -> Option<Filter> {
        self.specification.map(|specification| Filter::of(specification, test))
    }
}

fn test(criterion: &Criterion) -> Test {
    match criterion {
        Criterion::Status(status) => Test::Equals(STATUS, status.as_str().into()),
        Criterion::Role(role) => Test::Contains(ROLES, role.to_string().as_str().into()),
        Criterion::Created(order, at) => Test::Ordered(CREATED_AT, *order, at.as_millisecond().into()),
        Criterion::SignedIn(order, at) => Test::Ordered(SIGNED_IN_AT, *order, at.as_millisecond().into()),
        Criterion::NeverSignedIn => Test::Absent(SIGNED_IN_AT),
        Criterion::Name(how, searched) => Test::matches(*how, FOLDED, searched),
        Criterion::Email(how, searched) => Test::matches(*how, EMAIL, searched),
    }
}

fn user(row: &Row) -> Result<Versioned<ListedUser>, StoreError> {
    let corrupt = |rule: InvalidValue| StoreError::corrupt(rule);
    let roles: Vec<Role> = row.texts(ROLES)?.into_iter().filter_map(|role| role.parse().ok()).collect();
    let signed_in_at = row.has(SIGNED_IN_AT).then(|| row.number(SIGNED_IN_AT)).transpose()?;
    let value = ListedUser {
        id: row.id::<UserId>()?,
        name: PersonName::from_stored(row.text(NAME)?.to_owned()).map_err(corrupt)?,
        email: Email::try_from(row.text(EMAIL)?.to_owned()).map_err(corrupt)?,
        roles: Roles::try_from(roles).map_err(corrupt)?,
        status: row.text(STATUS)?.parse::<UserStatus>().map_err(corrupt)?,
        last_sign_in_at: signed_in_at
            .map(Timestamp::from_millisecond)
            .transpose()
            .map_err(StoreError::corrupt)?,
    };
    Ok(Versioned { version: row.version()?, value })
}

#[cfg(test)]
mod tests;
