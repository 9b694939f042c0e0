//! Decisions, and the versions that they were made on: the only way to replace a state.

use std::ops::Deref;

use domain::event::Event;
use domain::{Decision, Stamp, Version, Versioned};

use super::Condition;

/// A state as it was read, on which a command may be decided. `Call::expect` and `Call::as_read` return it.
#[derive(Debug, Clone)]
pub struct Known<T> {
    value: T,
    version: Version,
}

impl<T> Known<T> {
    pub(crate) fn new(Versioned { value, version }: Versioned<T>) -> Self {
        Self { value, version }
    }

    /// Decides a command. The decision can be committed as long as nobody else has changed the state.
    pub fn decide<N, E, R>(
        self,
        decide: impl FnOnce(&T) -> Result<Decision<N, E>, R>,
    ) -> Result<Decided<T, E, N>, R> {
        let decision = decide(&self.value)?;
        Ok(Decided::on(self.version, Some(self.value), decision))
    }
}

impl<T> Deref for Known<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// A decision, and the version that it was made on. Its commit is conditional on that version (optimistic
/// concurrency). What comes after a `T` is a `T` too, unless the decision ends it.
#[derive(Debug, Clone)]
#[must_use = "a decision changes nothing until it is committed"]
pub struct Decided<T, E = Event, N = T> {
    pub before: Option<T>,
    pub next: Versioned<N>,
    pub(super) events: Vec<E>,
    pub(super) stamp: Stamp,
    pub(super) expected: Version,
}

impl<T, E> Decided<T, E> {
    /// A decision that no request has asked for, on what was just read.
    pub fn as_loaded(Versioned { value, version }: Versioned<T>, decision: Decision<T, E>) -> Self {
        Self::on(version, Some(value), decision)
    }

    /// The first decision on an aggregate, whose commit fails when there is one already.
    pub fn first(decision: Decision<T, E>) -> Self {
        Self::on(Version::NONE, None, decision)
    }
}

impl<T, E, N> Decided<T, E, N> {
    fn on(expected: Version, before: Option<T>, Decision { stamp, events, next }: Decision<N, E>) -> Self {
        Self { before, next: Versioned { value: next, version: expected.next() }, events, stamp, expected }
    }

    pub fn events(&self) -> &[E] {
        &self.events
    }

    /// The version that was decided on.
    pub(crate) fn expected(&self) -> Version {
        self.expected
    }

    /// That the version which was decided on is still there.
    pub(crate) fn condition(&self) -> Condition {
        Condition::expects(self.expected)
    }

    pub fn stamp(&self) -> &Stamp {
        &self.stamp
    }
}
