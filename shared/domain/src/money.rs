//! Money in whole minor units of an ISO 4217 currency, and quantities.

mod currency;

pub use currency::Currency;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::rule::{InvalidValue, whole};

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

    pub(crate) const fn of_euro_cents(cents: u64) -> Money {
        Money { amount: Amount(cents), currency: Currency::EURO }
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
