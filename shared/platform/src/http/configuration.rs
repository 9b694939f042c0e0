//! What a tenant sets of a plugin, as a request says it.

use serde_json::Value;

use crate::http::Problem;
use crate::http::input::unreadable;
use crate::json::Verbatim;
use crate::plugins::Plugin;

/// What a tenant may set of a plugin, in bytes of JSON.
const LARGEST: usize = 16 * 1024;
/// Where it stands in a request.
const FIELD: &str = "/configuration";

/// Reads the member `configuration` of a request as the plugin's own type, and names all parts of it that break a rule.
pub fn configuration(plugin: &Plugin, sent: &Verbatim) -> Result<Value, Problem> {
    if sent.text().len() > LARGEST {
        return Err(Problem::invalid(FIELD, format_args!("must be at most {LARGEST} bytes long")));
    }
    plugin.read(sent.text()).map_err(|broken| {
        let within = broken.into_iter().map(|mut part| {
            part.place.insert_str(0, FIELD);
            part
        });
        unreadable(within.collect())
    })
}

#[cfg(test)]
mod tests;
