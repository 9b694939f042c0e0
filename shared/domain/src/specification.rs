//! Specifications: what is asked of the things in a list, by and, or and not over what the list can be asked.
//!
//! One specification tests a thing in memory, and is the filter of a Query in the table. Both ask its leaves alone, which
//! are a type of the list's own.

pub(crate) mod asking;
mod text;

use std::ops::{BitAnd, BitOr, Not};
use std::{iter, slice};

use crate::text::SearchText;

pub use text::{Comparison, LONGEST, MOST_LEAVES, NESTED_MOST, Operand, Term, parse};

/// A specification. It always has a leaf, since it is made of leaves by `&`, `|` and `!`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Specification<L>(Node<L>);

/// How a specification is put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node<L> {
    Leaf(L),
    All(Vec<Specification<L>>),
    Any(Vec<Specification<L>>),
    Not(Box<Specification<L>>),
}

/// How a value stands to the one that it is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    Above,
    AtLeast,
    Below,
    AtMost,
}

impl Order {
    pub fn holds<T: PartialOrd>(self, value: &T, other: &T) -> bool {
        match self {
            Order::Above => value > other,
            Order::AtLeast => value >= other,
            Order::Below => value < other,
            Order::AtMost => value <= other,
        }
    }
}

/// How a text in a list matches the one that is searched, both without case and accents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    Whole,
    Part,
    Beginning,
}

impl Match {
    pub(crate) fn matches(self, folded: &str, searched: &SearchText) -> bool {
        let searched = searched.as_str();
        match self {
            Match::Whole => folded == searched,
            Match::Part => folded.contains(searched),
            Match::Beginning => folded.starts_with(searched),
        }
    }
}

impl<L> Specification<L> {
    pub const fn leaf(leaf: L) -> Specification<L> {
        Specification(Node::Leaf(leaf))
    }

    pub fn node(&self) -> &Node<L> {
        &self.0
    }

    /// Whether it holds of a thing, of which `holds` tells whether a leaf does.
    pub fn holds(&self, holds: &impl Fn(&L) -> bool) -> bool {
        match &self.0 {
            Node::Leaf(leaf) => holds(leaf),
            Node::All(parts) => parts.iter().all(|part| part.holds(holds)),
            Node::Any(parts) => parts.iter().any(|part| part.holds(holds)),
            Node::Not(part) => !part.holds(holds),
        }
    }

    /// All leaves.
    pub fn leaves(&self) -> Box<dyn Iterator<Item = &L> + '_> {
        match &self.0 {
            Node::Leaf(leaf) => Box::new(iter::once(leaf)),
            Node::All(parts) | Node::Any(parts) => Box::new(parts.iter().flat_map(Specification::leaves)),
            Node::Not(part) => part.leaves(),
        }
    }

    /// The leaves that hold of everything that this holds of.
    pub fn demanded(&self) -> impl Iterator<Item = &L> {
        let parts = match &self.0 {
            Node::All(parts) => parts.as_slice(),
            _ => slice::from_ref(self),
        };
        parts.iter().filter_map(|part| match &part.0 {
            Node::Leaf(leaf) => Some(leaf),
            _ => None,
        })
    }

    /// What is left to ask of things of which this leaf holds anyway, as far as it is demanded. `None`: nothing.
    pub fn without(self, leaf: &L) -> Option<Specification<L>>
    where
        L: PartialEq,
    {
        let is_other = |part: &Specification<L>| !matches!(&part.0, Node::Leaf(other) if other == leaf);
        let rest = self.into_conjuncts().into_iter().filter(is_other);
        rest.reduce(|one, other| one & other)
    }

    fn into_conjuncts(self) -> Vec<Specification<L>> {
        match self.0 {
            Node::All(parts) => parts,
            node => vec![Specification(node)],
        }
    }

    fn into_disjuncts(self) -> Vec<Specification<L>> {
        match self.0 {
            Node::Any(parts) => parts,
            node => vec![Specification(node)],
        }
    }
}

impl<L> BitAnd for Specification<L> {
    type Output = Specification<L>;

    fn bitand(self, other: Specification<L>) -> Specification<L> {
        let mut parts = self.into_conjuncts();
        parts.extend(other.into_conjuncts());
        Specification(Node::All(parts))
    }
}

impl<L> BitOr for Specification<L> {
    type Output = Specification<L>;

    fn bitor(self, other: Specification<L>) -> Specification<L> {
        let mut parts = self.into_disjuncts();
        parts.extend(other.into_disjuncts());
        Specification(Node::Any(parts))
    }
}

impl<L> Not for Specification<L> {
    type Output = Specification<L>;

    fn not(self) -> Specification<L> {
        Specification(Node::Not(Box::new(self)))
    }
}

#[cfg(test)]
mod tests;
