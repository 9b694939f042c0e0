//! The lines of an order.

use crate::id::ProductId;
use crate::money::{Money, Quantity};
use crate::rule::InvalidValue;
use crate::text::ProductName;

/// A line of an order: a quantity of a product, at the name and the price that it had when it was ordered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    product: ProductId,
    name: ProductName,
    unit_price: Money,
    quantity: Quantity,
    total: Money,
}

impl Line {
    /// Fails when the line's total is more than an amount can hold.
    pub fn new(
        product: ProductId,
        name: ProductName,
        unit_price: Money,
        quantity: Quantity,
    ) -> Result<Line, InvalidValue> {
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

/// The lines of one order: from 1 to [`Lines::MOST`], one for each product, in one currency, with a total
/// that an amount can hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lines {
    lines: Vec<Line>,
    total: Money,
}

impl Lines {
    /// The largest number of lines.
    pub const MOST: usize = 200;

    pub fn total(&self) -> Money {
        self.total
    }

    pub fn as_slice(&self) -> &[Line] {
        &self.lines
    }

    /// The total with one more line, or the rule that the line would break.
    pub(super) fn total_with(&self, line: &Line) -> Result<Money, LinesError> {
        let index = self.lines.len();
        if index == Lines::MOST {
            return Err(LinesError::Count);
        }
        if self.has(line.product) {
            return Err(LinesError::RepeatedProduct { index });
        }
        if line.total.currency() != self.total.currency() {
            return Err(LinesError::MixedCurrencies { index });
        }
        self.total.plus(line.total).map_err(|_| LinesError::TotalTooLarge { index })
    }

    pub(super) fn add(&mut self, line: Line) -> Result<(), LinesError> {
        self.total = self.total_with(&line)?;
        self.lines.push(line);
        Ok(())
    }

    pub(super) fn has(&self, product: ProductId) -> bool {
        self.lines.iter().any(|line| line.product == product)
    }

    /// The lines of the other products in their order; `None` when there are none.
    pub(super) fn without(&self, product: ProductId) -> Option<Lines> {
        let lines: Vec<Line> = self.lines.iter().filter(|line| line.product != product).cloned().collect();
        let (first, others) = lines.split_first()?;
        let total = others.iter().try_fold(first.total, |total, line| total.plus(line.total)).ok()?;
        Some(Lines { lines, total })
    }
}

impl<'a> IntoIterator for &'a Lines {
    type Item = &'a Line;
    type IntoIter = std::slice::Iter<'a, Line>;

    fn into_iter(self) -> Self::IntoIter {
        self.lines.iter()
    }
}

/// The first rule that the lines break. `index` is the position of the line that breaks it.
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
        let mut rest = lines.into_iter();
        let first = rest.next().ok_or(LinesError::Count)?;
        let mut lines = Lines { total: first.total, lines: vec![first] };
        for line in rest {
            lines.add(line)?;
        }
        Ok(lines)
    }
}
