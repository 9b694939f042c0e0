//! What every consumer has to bear: an event that comes twice, late, poisoned or from a foreign tenant, and the
//! capacity that an event may consume. All of it follows from what consumers say of themselves, so a new consumer is
//! probed without a line here, and fails by its name if the story does not tell what it hears.

mod bad_messages;
mod budget;
mod foreign;
mod repetition;
