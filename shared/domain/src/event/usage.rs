use super::form::is_published_whole;
use super::published::published;
use crate::text::TierName;
use crate::usage::{Amounts, Cost, Day};

published! {
    /// What a tenant has used on a day, as far as it was known when the day was closed.
    pub struct UsageClosed {
        /// In UTC.
        pub day: Day,
        /// When the day was closed.
        pub tier: TierName,
        #[serde(flatten)]
        pub amounts: Amounts,
        /// By the prices of when the day was closed.
        pub cost: Cost,
    }
}

is_published_whole!(UsageClosed: 1);
