//! What there is one partition for, and in whose module a namespace stands.

/// A namespace without the type of its ids, for the walk.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    pub(in crate::table) name: &'static str,
    pub(in crate::table) per: Per,
    /// The module in which it stands.
    pub(in crate::table) context: &'static str,
}

/// What a namespace has one partition for.
#[derive(Debug, Clone, Copy)]
pub(in crate::table) enum Per {
    /// The tenant.
    Tenant,
    /// The tenant, whose id is in the key.
    TenantId,
    /// Each user in the directory.
    User,
    /// Each row of the list of this name, whose sort keys are the ids.
    RowOf(&'static str),
}

impl Shape {
    pub(super) const fn new(name: &'static str, per: Per) -> Self {
        Self { name, per, context: "" }
    }

    /// The same in the module of this name.
    pub(super) const fn of(self, context: &'static str) -> Self {
        Self { context, ..self }
    }

    /// One with a partition for each id ends with `#`, since another one may have the same name.
    pub(in crate::table) fn full_name(&self) -> String {
        match self.per {
            Per::Tenant => self.name.to_owned(),
            Per::TenantId | Per::User | Per::RowOf(_) => format!("{}#", self.name),
        }
    }
}

/// Whether no two namespaces share a partition: their names differ, or only one of the two has ids in its keys.
pub(super) const fn are_disjoint(all: &[Shape]) -> bool {
    let mut one = 0;
    while one < all.len() {
        let mut other = one + 1;
        while other < all.len() {
            let alike = matches!(all[one].per, Per::Tenant) == matches!(all[other].per, Per::Tenant);
            if alike && are_equal(all[one].name, all[other].name) {
                return false;
            }
            other += 1;
        }
        one += 1;
    }
    true
}

/// `==` of `str` is not `const`.
pub(in crate::table) const fn are_equal(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut index = 0;
    while index < one.len() {
        if one[index] != other[index] {
            return false;
        }
        index += 1;
    }
    true
}
