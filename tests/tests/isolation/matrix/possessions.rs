//! All that a tenant has, as it is stored and as the tenant sees it.

use std::collections::BTreeSet;

use serde_json::Value;
use tests::World;

use super::answer::{ids_in, told};
use super::kinds::Kind;
use super::own::own;
use super::side::{By, Side};
use crate::walk::settled_items;

pub(super) struct Possessions {
    /// Whose rows are meant: each key of one has one of these texts.
    keys: Vec<String>,
    rows: Vec<String>,
    registry: Vec<String>,
    seen: Vec<String>,
}

impl Possessions {
    /// All of a tenant, once every event has reached its consumers.
    pub(super) fn settled(world: &World, side: &Side) -> Possessions {
        let keys = vec![format!("T#{}#", side.tenant.id)];
        let rows = of(&keys, settled_items(world));
        Possessions { rows, registry: registry(world, side), seen: seen(world, side), keys }
    }

    /// What is the admin's alone. The inbox grows by what others do.
    pub(super) fn of_user(world: &World, side: &Side) -> Possessions {
        let admin = &side.tenant.admin_id;
        let partitions =
            ["idempotency", "orders", "posts", "sessions"].map(|name| format!("#{name}#{admin}"));
        let ids = ["ord", "ntf", "pst", "cmt"]
            .map(|prefix| side.private_values(&Kind::Id(prefix.to_owned()), By::Admin));
        let keys: Vec<String> = partitions.into_iter().chain(ids.into_iter().flatten()).collect();
        let rows = of(&keys, settled_items(world));
        Possessions { rows, registry: Vec::new(), seen: Vec::new(), keys }
    }

    pub(super) fn ids(&self) -> BTreeSet<String> {
        self.rows.iter().flat_map(|row| ids_in(row).map(|(_, id)| id.to_owned())).collect()
    }

    /// Once every event has reached its consumers, which may act later than the request that they follow.
    pub(super) fn assert_same_rows(&self, world: &World, case: &str) {
        let now = of(&self.keys, settled_items(world));
        let changed = now.iter().zip(&self.rows).find(|(now, before)| now != before);
        assert_eq!(changed, None, "{case}: a row of the owner is another one, now on the left");
        assert_eq!(now.len(), self.rows.len(), "{case}: the owner has rows that it had not, or not any more");
    }

    pub(super) fn assert_same(&self, world: &World, side: &Side, case: &str) {
        assert_eq!(registry(world, side), self.registry, "{case}: the registry");
        for (now, before) in seen(world, side).iter().zip(&self.seen) {
            assert_eq!(now, before, "{case}: what the owner sees");
        }
    }
}

fn of(keys: &[String], items: Vec<Value>) -> Vec<String> {
    let is_meant = |item: &Value| {
        let pk = item["pk"]["S"].as_str().unwrap();
        let key = format!("{pk} {}", item["sk"]["S"].as_str().unwrap());
        // Whoever asks for a link leaves a row there, for any tenant that there is. Nothing reads it.
        !pk.ends_with("#strangers") && keys.iter().any(|text| key.contains(text.as_str()))
    };
    let mut rows: Vec<String> = items.into_iter().filter(is_meant).map(|item| item.to_string()).collect();
    rows.sort_unstable();
    rows
}

/// What names the tenant: its slug's entry, its row of the register, and what operators did to it.
fn registry(world: &World, side: &Side) -> Vec<String> {
    let rows = world.scan_registry().iter().map(Value::to_string).collect::<Vec<_>>();
    let mut entries: Vec<String> = rows.into_iter().filter(|row| row.contains(&side.tenant.id)).collect();
    entries.sort_unstable();
    entries
}

/// The answers to all of the tenant's reading requests, with their counts and pages.
fn seen(world: &World, side: &Side) -> Vec<String> {
    let reading = World::operations().iter().filter(|one| one.is_get() && one.is_of_tenants());
    let answer = |by: By| {
        reading.clone().map(move |one| {
            let sent = own(world, side, one, by);
            format!("{}: {}", one.key(), told(one, &sent, &sent.request().send()))
        })
    };
    answer(By::Admin).chain(answer(By::Member)).collect()
}
