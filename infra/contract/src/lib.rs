//! The contract of the API, made from what the template declares and what each endpoint says of itself.

mod operation;

pub use operation::{Audience, Cost, Operation, Problem, operations};

#[derive(Debug, thiserror::Error)]
pub enum ContractError {
    #[error("{0}")]
    Template(String),
    #[error("{binary} does not describe itself: {reason}; build it, and let its main call serve")]
    Silent { binary: String, reason: String },
    #[error("{function} says of {key}: {difference}; make the template and the binary agree")]
    Disagreement { function: String, key: String, difference: String },
}
