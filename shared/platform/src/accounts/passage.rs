//! What a commit makes of a user, for all that is counted and listed by it.

use domain::event::Event;
use domain::id::UserId;
use domain::user::{Gone, User};
use jiff::Timestamp;

use crate::table::Decided;

/// A user before and after a commit: a new one was not there before, and a deleted one is not there after it.
#[derive(Clone, Copy)]
pub(super) struct Passage<'a> {
    pub(super) user: UserId,
    pub(super) before: Option<&'a User>,
    pub(super) after: Option<&'a User>,
    pub(super) at: Timestamp,
}

impl<'a> From<&'a Decided<User>> for Passage<'a> {
    fn from(decided: &'a Decided<User>) -> Self {
        let after = &decided.next.value;
        Self { user: after.id, before: decided.before.as_ref(), after: Some(after), at: decided.stamp().at }
    }
}

impl<'a> Passage<'a> {
    pub(super) fn out(before: &'a User, decided: &Decided<User, Event, Gone>) -> Self {
        Self { user: before.id, before: Some(before), after: None, at: decided.stamp().at }
    }
}
