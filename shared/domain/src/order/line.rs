//! What is ordered, at the price of that moment.

use crate::id::ProductId;
use crate::money::{Money, Quantity};
use crate::rule::RuleBroken;
use crate::text::ProductName;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    product: ProductId,
    name: ProductName,
    unit_price: Money,
    quantity: Quantity,
    total: Money,
}

impl Line {
    /// Refused when the total is more than an amount may be.
    pub fn new(
        product: ProductId,
        name: ProductName,
        unit_price: Money,
        quantity: Quantity,
    ) -> Result<Line, RuleBroken> {
        let total = unit_price.times(quantity)?;
        Ok(Line { product, name, unit_price, quantity, total })
    }

    pub fn product(&self) -> ProductId {
        self.product
    }

    pub fn name(&self) -> &ProductName {
        &self.name
    }

    pub fn unit_price(&self) -> Money {
        self.unit_price
    }

    pub fn quantity(&self) -> Quantity {
        self.quantity
    }

    pub fn total(&self) -> Money {
        self.total
    }
}

/// The lines of one order: one a product, in one currency, with a total that an amount can hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lines {
    lines: Vec<Line>,
    total: Money,
}

impl Lines {
    pub const MOST: usize = 200;

    pub fn total(&self) -> Money {
        self.total
    }

    pub fn as_slice(&self) -> &[Line] {
        &self.lines
    }
}

impl<'a> IntoIterator for &'a Lines {
    type Item = &'a Line;
    type IntoIter = std::slice::Iter<'a, Line>;

    fn into_iter(self) -> Self::IntoIter {
        self.lines.iter()
    }
}

/// The first rule that the lines break; `index` is the line that breaks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinesError {
    #[error("must have 1 to {} lines", Lines::MOST)]
    Count,
    #[error("must have one line a product")]
    RepeatedProduct { index: usize },
    #[error("must be in one currency")]
    MixedCurrencies { index: usize },
    #[error("must come to at most {} minor units", crate::money::Amount::MOST.get())]
    TotalTooLarge { index: usize },
}

impl TryFrom<Vec<Line>> for Lines {
    type Error = LinesError;

    fn try_from(lines: Vec<Line>) -> Result<Lines, LinesError> {
        if lines.len() > Lines::MOST {
            return Err(LinesError::Count);
        }
        let (first, others) = lines.split_first().ok_or(LinesError::Count)?;
        let mut total = first.total;
        for (index, line) in (1..).zip(others) {
            if lines[..index].iter().any(|earlier| earlier.product == line.product) {
                return Err(LinesError::RepeatedProduct { index });
            }
            if line.unit_price.currency() != first.unit_price.currency() {
                return Err(LinesError::MixedCurrencies { index });
            }
            total = total.plus(line.total).map_err(|_| LinesError::TotalTooLarge { index })?;
        }
        Ok(Lines { lines, total })
    }
}
