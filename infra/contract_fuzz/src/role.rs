//! The role that a run acts as, and the ids that it sends.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Anyone,
    Operator,
    Member,
    Admin,
}

impl Role {
    pub const ALL: [Role; 4] = [Role::Anyone, Role::Operator, Role::Member, Role::Admin];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Role::Anyone => "anyone",
            Role::Operator => "operator",
            Role::Member => "member",
            Role::Admin => "admin",
        }
    }

    /// Operations with an id in their path need an access token, so other roles have no use for known ids.
    pub fn ids(self) -> &'static [Ids] {
        match self {
            Role::Anyone | Role::Operator => &[Ids::MadeUp],
            Role::Member | Role::Admin => &[Ids::Known, Ids::MadeUp],
        }
    }
}

/// The ids that a run puts into paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ids {
    /// Ids of existing resources, so that commands have effects.
    Known,
    /// Ids generated from the document's patterns, so that no resource is found.
    MadeUp,
}
