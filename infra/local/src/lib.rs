//! The laptop's AWS: reads a SAM template and runs it, whole, in one process.

pub mod invoke;
pub mod model;
