//! From an acknowledged change to its effects: how long one takes, and how many a second.

mod delays;

use crate::report::Report;
use crate::settings::Settings;

pub(crate) fn measure(settings: &Settings) -> Report {
    delays::measure(settings)
}
