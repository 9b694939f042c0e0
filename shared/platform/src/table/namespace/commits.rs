//! Which partitions hold commits, and of which aggregate.

use domain::event::{Aggregate, Kinds, Tagged};

use super::{ALL, Partition, Per, are_equal};

/// The aggregate whose commits are in the partition, maybe of a kind that another version has added, if commits are.
pub(in crate::table) fn aggregate_of(partition: &str) -> Option<Tagged<Aggregate>> {
    let (kind, id) = partition.split_once('#')?;
    Tagged::from_kind_and_id(kind, id)
}

/// The partition of an aggregate's commits.
pub(in crate::table) fn commits_of(aggregate: Aggregate) -> Partition {
    Partition(format!("{}#{}", aggregate.kind(), aggregate.id()))
}

const _: () = assert!(all_have_namespaces(Aggregate::KINDS), "an aggregate has no namespace of its kind");

pub(super) const fn all_have_namespaces(kinds: &[&str]) -> bool {
    let mut kind = 0;
    while kind < kinds.len() {
        if !has_namespace(kinds[kind]) {
            return false;
        }
        kind += 1;
    }
    true
}

const fn has_namespace(kind: &str) -> bool {
    let mut one = 0;
    while one < ALL.len() {
        if !matches!(ALL[one].per, Per::Tenant) && are_equal(ALL[one].name, kind) {
            return true;
        }
        one += 1;
    }
    false
}
