//! Usage: what tenants and the platform have used, out of the lines of the log.

mod line;
mod meter;
mod view;

pub use meter::meter;
pub use view::{DaysView, Parameters, of_own_tenant};
