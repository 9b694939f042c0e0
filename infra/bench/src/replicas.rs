//! Many things of which one was made through the API. Its rows are read and written again with other ids: how they look
//! is said nowhere here, so they stay those that the functions write.

use std::collections::BTreeSet;

use ::tests::World;
use serde_json::Value;

/// The digits at an id's end that tell copies apart. An id of version 7 has random ones there.
const DIGITS: usize = 8;
/// Copies that are made before they are written.
const BATCH: usize = 5_000;

/// The rows of one thing, as text.
pub(crate) struct Original {
    rows: Vec<String>,
    ids: BTreeSet<String>,
}

impl Original {
    /// The rows that mention any of these, without those of partitions behind the tenant that begin with `without`. Ids
    /// of these kinds get others in a copy.
    pub(crate) fn of(rows: &[Value], mentioning: &[&str], kinds: &[&str], without: &[&str]) -> Original {
        let is_left_out = |row: &Value| {
            let partition =
                row["pk"]["S"].as_str().unwrap_or_default().splitn(3, '#').nth(2).unwrap_or_default();
            without.iter().any(|prefix| partition.starts_with(prefix))
        };
        let rows = rows.iter().filter(|row| !is_left_out(row)).map(Value::to_string);
        let rows: Vec<String> = rows.filter(|row| mentioning.iter().any(|id| row.contains(id))).collect();
        assert!(!rows.is_empty(), "no row mentions {mentioning:?}");
        let ids =
            rows.iter().flat_map(|row| ids(row)).filter(|id| kinds.iter().any(|kind| id.starts_with(kind)));
        let ids = ids.map(str::to_owned).collect();
        Original { rows, ids }
    }

    /// Gives copies another name, too, which ends as an id does.
    pub(crate) fn renaming(mut self, name: &str) -> Original {
        self.ids.insert(name.to_owned());
        self
    }

    /// What stands in a copy for this id or name.
    pub(crate) fn id(&self, id: &str, number: usize) -> String {
        format!("{}{number:0DIGITS$x}", &id[..id.len() - DIGITS])
    }

    /// The rows of the copy of this number.
    pub(crate) fn copy(&self, number: usize) -> impl Iterator<Item = String> {
        self.rows.iter().map(move |row| {
            self.ids.iter().fold(row.clone(), |row, id| row.replace(id.as_str(), &self.id(id, number)))
        })
    }

    /// Writes these copies into the tenants' table.
    pub(crate) fn put(&self, world: &World, numbers: std::ops::Range<usize>) {
        let numbers: Vec<usize> = numbers.collect();
        for batch in numbers.chunks(BATCH) {
            world.put_rows(
                batch.iter().flat_map(|number| self.copy(*number)).map(|row| parsed(&row)).collect(),
            );
        }
    }
}

pub(crate) fn parsed(row: &str) -> Value {
    serde_json::from_str(row).expect("a row is JSON")
}

/// What looks like an id: three letters, an underscore and 32 hexadecimal digits.
fn ids(text: &str) -> impl Iterator<Item = &str> {
    let is_id = |word: &&str| {
        word.len() == 36
            && word.as_bytes()[3] == b'_'
            && word[4..].bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').filter(is_id)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_copy_has_other_ids_of_the_kinds_alone() {
        let [order, event, user] =
            ["ord", "evt", "usr"].map(|kind| format!("{kind}_0199a0a0a0a07000800000000000{}", "beef"));
        let own =
            json!({ "pk": { "S": format!("T#ten_1#order#{order}") }, "doc": format!("{event} {user}") });
        let audit = json!({ "pk": { "S": format!("T#ten_1#audit#{user}") }, "doc": order });
        let original = Original::of(&[own, audit], &[&order], &["ord_", "evt_"], &["audit"]);
        let copies: Vec<String> = original.copy(0x2a).collect();
        assert_eq!(copies.len(), 1);
        let end = "0000002a";
        for id in [&order, &event] {
            let other = format!("{}{end}", &id[..28]);
            assert!(copies[0].contains(&other) && !copies[0].contains(id.as_str()), "{}", copies[0]);
        }
        assert!(copies[0].contains(&user));
    }
}
