//! The numbers that tiers limit, each with the most that any tier may have.

use crate::rule::whole;

whole!(
    /// The most requests of a tenant in a window of ten seconds.
    RequestLimit, 1..=1_000_000
);
whole!(
    /// The most active users of a tenant.
    UserQuota, 1..=100_000
);
whole!(
    /// The most products in a tenant's catalogue that are not retired.
    ProductQuota, 1..=10_000_000
);

macro_rules! of_constants {
    ($($type:ident),+) => {
        $(impl $type {
            /// For constants: a number outside of the limits does not compile there.
            pub(super) const fn of(number: u64) -> $type {
                assert!(number >= $type::LEAST.0 && number <= $type::MOST.0);
                $type(number)
            }
        })+
    };
}
of_constants!(RequestLimit, UserQuota, ProductQuota);

/// What a tenant has as much of as it may have. What was there before the quota was lowered stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QuotaReached {
    #[error(
        "Your tenant may have {} active users; deactivate one, or ask your operator for another tier.", .0.get()
    )]
    Users(UserQuota),
    #[error(
        "Your tenant may have {} products that are not retired; retire one, or ask your operator for another tier.",
        .0.get()
    )]
    Products(ProductQuota),
}
