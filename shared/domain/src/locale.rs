//! Languages in which the backend speaks to people.

use crate::rule::named;

named! {
    /// A language, by its subtag of BCP 47.
    pub enum Locale {
        English => "en",
        German => "de",
    }
}
