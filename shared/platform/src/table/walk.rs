//! The walk over all of a tenant's data, partition by partition and without a Scan: for export, erasure and
//! moves.

use serde::{Deserialize, Serialize};

use super::namespace::{ALL, Per, Shape, USER_ID, accounts::DIRECTORY};
use super::{Listing, Partition, Row, Scope, SortKey, StoreError};

const PAGE: usize = 100;
/// In place of a namespace: all of them are done.
const END: &str = "END";

/// The progress of a walk. It can be sent in a message, so that another invocation continues the walk.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Walk {
    /// The namespace, by its name and not by its position: a deploy may add others meanwhile.
    namespace: Option<String>,
    /// In a namespace of many partitions, the row of the list that names them, and the id of the current
    /// partition.
    list_cursor: Option<String>,
    id: Option<String>,
    /// The sort key at which the previous page ended.
    cursor: Option<String>,
}

/// A page of one partition, and the progress after it.
#[derive(Debug)]
pub struct Step {
    pub rows: Vec<Row>,
    pub next: Walk,
}

/// Which namespaces a walk goes through.
#[derive(Clone, Copy)]
enum Way<'a> {
    Whole,
    /// Those of one context.
    Of(&'a str),
}

impl Scope {
    /// Reads the next page; `None` at the end.
    ///
    /// Lists come last, so that a walk that deletes can start again: they name the other partitions. A
    /// partition whose id is in a projection is found once the projection has caught up.
    ///
    /// Fails with [`StoreError::Corrupt`] if the namespace at which the walk stopped is gone.
    pub async fn walk(&self, walk: Walk) -> Result<Option<Step>, StoreError> {
        self.walk_in(Way::Whole, walk).await
    }

    /// Like [`walk`](Self::walk), in the namespaces of one context alone.
    pub(super) async fn walk_of(&self, context: &str, walk: Walk) -> Result<Option<Step>, StoreError> {
        self.walk_in(Way::Of(context), walk).await
    }

    async fn walk_in(&self, way: Way<'_>, mut walk: Walk) -> Result<Option<Step>, StoreError> {
        while let Some(shape) = way.shape_of(&walk)? {
            if walk.id.is_none() && is_many(shape) {
                walk = self.walk_to_next_id(way, shape, walk).await?;
                continue;
            }
            let partition = self.partition_of(shape, walk.id.as_deref());
            let (rows, cursor) = self.page(&partition, walk.cursor.take(), PAGE).await?;
            let next = match (cursor, walk.id) {
                (Some(cursor), id) => Walk { cursor: Some(cursor), id, ..walk },
                (None, Some(_)) => Walk { id: None, cursor: None, ..walk },
                (None, None) => way.begin_after(shape),
            };
            return Ok(Some(Step { rows, next }));
        }
        Ok(None)
    }

    /// Goes on to the next partition of the namespace, or to the next namespace.
    async fn walk_to_next_id(&self, way: Way<'_>, shape: &Shape, walk: Walk) -> Result<Walk, StoreError> {
        let list = match shape.per {
            Per::RowOf(list) => Partition(list.to_owned()),
            Per::User | Per::Tenant | Per::TenantId => DIRECTORY.partition(),
        };
        let (rows, _) = self.page(&list, walk.list_cursor, 1).await?;
        let Some(row) = rows.first() else { return Ok(way.begin_after(shape)) };
        let sort_key = row.sort_key()?.as_str().to_owned();
        let id = match shape.per {
            Per::User => row.text(USER_ID)?.to_owned(),
            Per::RowOf(_) | Per::Tenant | Per::TenantId => sort_key.clone(),
        };
        Ok(Walk { namespace: walk.namespace, list_cursor: Some(sort_key), id: Some(id), cursor: None })
    }

    fn partition_of(&self, shape: &Shape, id: Option<&str>) -> Partition {
        Partition(match (shape.per, id) {
            (Per::TenantId, _) => format!("{}#{}", shape.name, self.tenant()),
            (_, Some(id)) => format!("{}#{id}", shape.name),
            (_, None) => shape.name.to_owned(),
        })
    }

    async fn page(
        &self,
        partition: &Partition,
        cursor: Option<String>,
        limit: usize,
    ) -> Result<(Vec<Row>, Option<String>), StoreError> {
        let cursor = cursor.map(SortKey::of);
        let listing = Listing { ascending: true, cursor, limit, consistent: true, ..Listing::default() };
        let page = self.list(partition, listing).await?;
        Ok((page.items, page.next_cursor.map(|key| key.as_str().to_owned())))
    }
}

impl Way<'_> {
    /// The namespace that the walk has reached; `None` at the end.
    fn shape_of(self, walk: &Walk) -> Result<Option<&'static Shape>, StoreError> {
        match walk.namespace.as_deref() {
            None => Ok(self.order().next()),
            Some(END) => Ok(None),
            Some(name) => {
                let found = self.order().find(|shape| shape.full_name() == name);
                found.map(Some).ok_or_else(|| StoreError::corrupt(format!("there is no namespace {name}")))
            }
        }
    }

    fn begin_after(self, shape: &Shape) -> Walk {
        let next = self.order().skip_while(|other| other.full_name() != shape.full_name()).nth(1);
        Walk { namespace: Some(next.map_or(END.to_owned(), Shape::full_name)), ..Walk::default() }
    }

    fn order(self) -> impl Iterator<Item = &'static Shape> {
        let of_way = move |shape: &&Shape| match self {
            Way::Whole => true,
            Way::Of(context) => shape.context == context,
        };
        let others = ALL.iter().filter(|shape| !is_list(shape));
        others.chain(ALL.iter().filter(|shape| is_list(shape))).filter(of_way)
    }
}

fn is_many(shape: &Shape) -> bool {
    matches!(shape.per, Per::User | Per::RowOf(_))
}

fn is_list(shape: &Shape) -> bool {
    matches!(shape.per, Per::Tenant)
}
