//! What tenants use, and what it costs. All amounts are whole numbers, which add up exactly.

mod closing;
mod price;
mod time;

use std::iter::Sum;
use std::ops::{Add, AddAssign};

pub use closing::{Amounts, WAIT, close, closing_id, days_to_close};
pub use price::{Cost, Price, Prices};
pub use time::{Day, Hour, Span};

/// What was used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Of the API, answered by a function.
    pub requests: u64,
    /// Requests that were answered with a status of 500 or more, and attempts of consumers that failed.
    pub errors: u64,
    /// Thousandths of DynamoDB's units.
    pub read_milliunits: u64,
    pub write_milliunits: u64,
    /// Functions' time, in microseconds.
    pub function_us: u64,
    /// The same, times the megabytes of each function.
    pub megabyte_us: u64,
    /// Millionths of functions' invocations.
    pub micro_invocations: u64,
}

impl Add for Usage {
    type Output = Usage;

    fn add(self, other: Usage) -> Usage {
        let sum = u64::saturating_add;
        Usage {
            requests: sum(self.requests, other.requests),
            errors: sum(self.errors, other.errors),
            read_milliunits: sum(self.read_milliunits, other.read_milliunits),
            write_milliunits: sum(self.write_milliunits, other.write_milliunits),
            function_us: sum(self.function_us, other.function_us),
            megabyte_us: sum(self.megabyte_us, other.megabyte_us),
            micro_invocations: sum(self.micro_invocations, other.micro_invocations),
        }
    }
}

impl AddAssign for Usage {
    fn add_assign(&mut self, other: Usage) {
        *self = *self + other;
    }
}

impl Sum for Usage {
    fn sum<I: Iterator<Item = Usage>>(all: I) -> Usage {
        all.fold(Usage::default(), Add::add)
    }
}

#[cfg(test)]
mod tests;
