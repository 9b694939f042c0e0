//! Lists of users, from the register of people.

use domain::id::UserId;
use domain::people::{Criterion, ListedUser, PeopleFilter, PeopleSort};
use domain::role::{RoleBook, Roles};
use domain::specification::Specification;
use domain::text::{Email, PersonName, SearchText};
use domain::user::UserStatus;
use domain::{Version, Versioned};
use futures::future::OptionFuture;
use futures::try_join;
use jiff::Timestamp;
use platform::accounts::{PeopleCursor, PeopleQuery};
use platform::http::{Call, Flag, Limit, NoBody, Problem};
use platform::table::{Page, StoreError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const TOO_MANY: &str = "More than 25,000 users would have to be read to count them.";

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PeopleParameters {
    #[serde(default)]
    limit: Limit,
    cursor: Option<PeopleCursor>,
    /// Only users of whom this holds: a subset of NQL, Ghost's language. `+` is and, `,` is or, and parentheses group,
    /// five deep at most. A term is a field, `:` and a value, such as `status:active`; the fields are `status`, `role`,
    /// `name`, `email`, `createdAt` and `lastSignInAt`, and there may be 20 values. Before the value may stand `-` for not;
    /// `~` for contains and `~^` for begins with, of `name` and `email`; and stands `>`, `>=`, `<` or `<=`, of `createdAt`
    /// and `lastSignInAt`, whose values are days in UTC or times. A list such as `role:[admin,editor]` is one of these;
    /// `lastSignInAt:null` is never. Names and addresses are compared whatever their case and accents. Texts with other
    /// characters stand in `'`. In a URL, `+` is written `%2B`, and a space is and, too.
    filter: Option<PeopleFilter>,
    /// Only users in whose name or e-mail address this is, whatever its case and accents; it needs a letter or a digit.
    q: Option<SearchText>,
    sort: Option<PeopleSort>,
    /// Whether to count all users that are listed, on all pages.
    total: Option<Flag>,
}

/// A page of users. With a filter or a search, few of them may be on a page that is not the last.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PeoplePage {
    items: Vec<PersonView>,
    /// The parameter `cursor` of the next page. The last page has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<PeopleCursor>,
    /// How many users there are on all pages, if that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<usize>,
    /// Why there is no total.
    #[serde(skip_serializing_if = "Option::is_none")]
    total_omitted: Option<&'static str>,
}

/// A user, as far as lists show one.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ListedUser")]
struct PersonView {
    id: UserId,
    name: PersonName,
    email: Email,
    roles: Roles,
    /// Whether the user is the tenant's owner, who may do everything.
    is_owner: bool,
    status: UserStatus,
    created_at: Timestamp,
    /// Missing if the user has not signed in, or not since this is noted.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_sign_in_at: Option<Timestamp>,
    version: Version,
}

struct Found {
    page: Page<Versioned<ListedUser>, PeopleCursor>,
    /// `Some(None)` for one that takes too many reads.
    total: Option<Option<usize>>,
    book: RoleBook,
    is_complete: bool,
}

pub async fn list(call: &Call<PeopleParameters, NoBody>) -> Result<PeoplePage, Problem> {
    let mut found = find(call).await?;
    if !found.is_complete {
        if !call.store.people().build().await? {
            return Err(Problem::unavailable("the register of people is being built"));
        }
        found = find(call).await?;
    }
    let Found { page, total, book, .. } = found;
    let page = page.map(|user| PersonView::new(user, &book));
    Ok(PeoplePage {
        items: page.items,
        next_cursor: page.next_cursor,
        total: total.flatten(),
        total_omitted: (total == Some(None)).then_some(TOO_MANY),
    })
}

async fn find(call: &Call<PeopleParameters, NoBody>) -> Result<Found, StoreError> {
    let (people, parameters) = (call.store.people(), &call.parameters);
    let specification = parameters.specification();
    let sort = parameters.sort.unwrap_or(PeopleSort::Name);
    let query = PeopleQuery { specification: specification.as_ref(), sort };
    let is_counted = parameters.total.is_some_and(Flag::is_set);
    let total = OptionFuture::from(is_counted.then(|| people.total(query)));
    let (page, total, (book, is_complete)) = try_join!(
        people.list(query, parameters.limit.get(), parameters.cursor.as_ref()),
        async { total.await.transpose() },
        people.roles_and_completeness(),
    )?;
    Ok(Found { page, total, book: book.value, is_complete })
}

impl PeopleParameters {
    fn specification(&self) -> Option<Specification<Criterion>> {
        let filter = self.filter.as_ref().map(|filter| filter.specification().clone());
        let searched = self.q.as_ref().map(Criterion::mentions);
        [filter, searched].into_iter().flatten().reduce(|one, other| one & other)
    }
}

impl PersonView {
    fn new(Versioned { value: user, version }: Versioned<ListedUser>, book: &RoleBook) -> Self {
        let created_at = user.created_at();
        let ListedUser { id, name, email, roles, status, last_sign_in_at } = user;
        let is_owner = id == book.owner;
        Self { id, name, email, roles, is_owner, status, created_at, last_sign_in_at, version }
    }
}
