//! Who is signed in, and which ids a run tries.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Anyone,
    Operator,
    Member,
    Admin,
}

impl Role {
    pub const ALL: [Role; 4] = [Role::Anyone, Role::Operator, Role::Member, Role::Admin];

    /// As the command line names it.
    pub fn name(self) -> &'static str {
        match self {
            Role::Anyone => "anyone",
            Role::Operator => "operator",
            Role::Member => "member",
            Role::Admin => "admin",
        }
    }

    /// Only who is signed in reaches what has an id.
    pub fn ids(self) -> &'static [Ids] {
        match self {
            Role::Anyone | Role::Operator => &[Ids::MadeUp],
            Role::Member | Role::Admin => &[Ids::Known, Ids::MadeUp],
        }
    }
}

/// Which ids stand in the paths of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ids {
    /// Those of things that exist: commands do something.
    Known,
    /// Made up by the document's patterns: nothing is found.
    MadeUp,
}
