//! Money in whole minor units of an ISO 4217 currency, and quantities.

mod currency;

pub use currency::Currency;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::rule::{InvalidValue, read_whole, schema};

/// Declares a type of whole numbers between two inclusive limits.
macro_rules! whole {
    ($(#[$meta:meta])* $type:ident, $least:literal..=$most:literal) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $type(u64);

        impl $type {
            pub const LEAST: $type = $type($least);
            pub const MOST: $type = $type($most);

            pub const fn get(self) -> u64 {
                self.0
            }

            fn rule() -> InvalidValue {
                let (least, most) = ($type::LEAST.0, $type::MOST.0);
                format!("must be a whole number from {least} to {most}").into()
            }
        }

        impl TryFrom<u64> for $type {
            type Error = InvalidValue;

            fn try_from(number: u64) -> Result<$type, InvalidValue> {
                if ($least..=$most).contains(&number) { Ok($type(number)) } else { Err($type::rule()) }
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<$type, D::Error> {
                read_whole(deserializer, $type::rule())
            }
        }

        schema!($type, schemars::json_schema!({
            "type": "integer", "minimum": $type::LEAST.0, "maximum": $type::MOST.0,
        }));
    };
}

whole!(
    /// A number of minor units of a currency, such as cents. The yen is its own minor unit.
    Amount, 0..=1_000_000_000_000
);
whole!(
    /// How many pieces of a product are ordered.
    Quantity, 1..=10_000
);

/// An amount of money in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "an object with amount and currency")]
pub struct Money {
    /// In minor units of the currency, such as cents.
    #[schemars(example = 1250)]
    amount: Amount,
    currency: Currency,
}

impl Money {
    pub const fn new(amount: Amount, currency: Currency) -> Money {
        Money { amount, currency }
    }

    pub const fn amount(self) -> Amount {
        self.amount
    }

    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// Fails when the result is more than [`Amount::MOST`].
    pub fn times(self, quantity: Quantity) -> Result<Money, InvalidValue> {
        self.with(self.amount.0.checked_mul(quantity.0))
    }

    /// Fails for another currency, and when the sum is more than [`Amount::MOST`].
    pub fn plus(self, other: Money) -> Result<Money, InvalidValue> {
        if self.currency != other.currency {
            return Err(InvalidValue::new("must be in one currency"));
        }
        self.with(self.amount.0.checked_add(other.amount.0))
    }

    fn with(self, amount: Option<u64>) -> Result<Money, InvalidValue> {
        let amount = amount
            .and_then(|amount| Amount::try_from(amount).ok())
            .ok_or_else(|| format!("must come to at most {} minor units", Amount::MOST.0))?;
        Ok(Money { amount, ..self })
    }
}

#[cfg(test)]
mod tests;
