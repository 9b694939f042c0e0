//! The staff: a row for each active user who is more than a member, by which those are found who are told of something.
//!
//! The rows change with the users' own, and say what was there a moment ago: who is told is asked of the user's own row.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::UserId;
use domain::permission::Permission;
use domain::role::{BuiltInRole, Role, RoleBook, Roles};
use domain::tenant::TenantProfile;
use domain::user::User;
use futures::try_join;

use crate::accounts::passage::Passage;
use crate::accounts::tenants;
use crate::table::namespace::accounts::STAFF;
use crate::table::{Attribute, Condition, Conflict, Listing, Row, Scope, SortKey, StoreError, Write};

/// The user's roles, with spaces between them.
const ROLES: Attribute = Attribute::new("roles");
/// Of a row of nobody any more: DynamoDB deletes it, so that no route needs the right to.
const EXPIRES_AT: Attribute = Attribute::new("expiresAt");
const PAGE: usize = 1_000;

/// The staff of one tenant.
pub struct Staff<'a>(pub(crate) &'a Scope);

/// Those who are told of what takes a permission.
pub struct Told {
    pub tenant: TenantProfile,
    pub users: BTreeSet<UserId>,
    permission: Permission,
    /// `None` where no role of the tenant's own is needed to tell.
    book: Option<RoleBook>,
}

impl Staff<'_> {
    /// The profile, and the users who hold the permission, by eventually consistent reads.
    pub async fn told(&self, permission: Permission) -> Result<Told, StoreError> {
        let tenants = self.0.tenants();
        let (profile, rows) = try_join!(tenants.row_eventually(), self.rows())?;
        let tenant = tenants::profile(self.0.tenant(), &profile)?.value;
        let has_own_roles = rows.values().any(|roles| roles.custom().next().is_some());
        let book = match has_own_roles {
            true => Some(self.0.role_books().get_eventually().await?.value),
            false => None,
        };
        let mut told = Told { tenant, users: tenants::former_admins(&profile)?, permission, book };
        let holders = rows.into_iter().filter(|(_, roles)| told.tells(roles)).map(|(user, _)| user);
        let holders: Vec<UserId> = holders.collect();
        told.users.extend(holders);
        Ok(told)
    }

    async fn rows(&self) -> Result<BTreeMap<UserId, Roles>, StoreError> {
        let (mut found, mut cursor) = (BTreeMap::new(), None);
        loop {
            let listing = Listing { ascending: true, cursor, limit: PAGE, ..Listing::default() };
            let page = self.0.list(&STAFF.partition(), listing).await?;
            for row in page.items.iter().filter(|row| !row.has(EXPIRES_AT)) {
                if let Some(roles) = roles(row)? {
                    found.insert(row.id()?, roles);
                }
            }
            cursor = page.next_cursor;
            if cursor.is_none() {
                return Ok(found);
            }
        }
    }

    /// The write of the user's row, if there is one to write.
    pub(super) fn row<'a>(&self, passage: impl Into<Passage<'a>>) -> Option<Write> {
        let Passage { user, before, after, at } = passage.into();
        let (before, after) = (before.filter(is_staff), after.filter(is_staff));
        if before.map(|user| &user.roles) == after.map(|user| &user.roles) {
            return None;
        }
        // The condition on the user's own row orders the writes of this one.
        let (partition, always) = (STAFF.partition(), Condition::always());
        let write = self.0.write(&partition, SortKey::of(user), always, Conflict::Contention);
        let roles: Vec<String> =
            after.iter().flat_map(|user| user.roles.iter()).map(|role| role.to_string()).collect();
        let write = write.text(ROLES, roles.join(" "));
        Some(match after {
            Some(_) => write,
            None => write.number(EXPIRES_AT, at.as_second()),
        })
    }
}

impl Told {
    /// Whether a user with these roles is told.
    pub fn tells(&self, roles: &Roles) -> bool {
        let permissions = match &self.book {
            Some(book) => book.given_by(roles),
            None => roles.built_in(),
        };
        permissions.contains(self.permission)
    }
}

/// Whether a user is more than a member. An owner is, as an admin.
fn is_staff(user: &&User) -> bool {
    user.is_active() && user.roles != Roles::from(BuiltInRole::Member)
}

/// The roles of a row. Those that only a newer version knows are left out.
fn roles(row: &Row) -> Result<Option<Roles>, StoreError> {
    let known: Vec<Role> = row.text(ROLES)?.split(' ').filter_map(|role| role.parse().ok()).collect();
    Ok(Roles::try_from(known).ok())
}
