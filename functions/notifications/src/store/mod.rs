//! The stored inboxes, preferences and marks of mails.

mod inbox;
pub(crate) mod preferences;
mod reading;
pub(crate) mod sent_mails;

pub(crate) use inbox::{InboxOverview, inbox};

#[cfg(test)]
mod tests;
