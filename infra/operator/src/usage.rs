//! What tenants use, and what that costs.

use clap::{Args, ValueEnum};
use serde_json::{Map, Value, json};

use crate::answer::{Answer, Columns, table};
use crate::api::{Api, query};
use crate::failure::Failure;

const MICRO_DOLLARS_OF_A_DOLLAR: u64 = 1_000_000;

const USED: &Columns = &[
    ("", "/who"),
    ("REQUESTS", "/requests"),
    ("ERRORS", "/errors"),
    ("READ UNITS", "/readUnits"),
    ("WRITE UNITS", "/writeUnits"),
    ("FUNCTIONS, MS", "/functionMs"),
    ("COST, $", "/dollars"),
];

/// The tenants that cost most on a day.
#[derive(Debug, Args)]
pub(crate) struct OfDay {
    /// The day in UTC, such as 2026-03-04; today without
    #[arg(long)]
    day: Option<String>,
    /// How many tenants
    #[arg(long, default_value_t = 20, value_parser = crate::arguments::at_least_one)]
    limit: usize,
}

/// What one tenant uses.
#[derive(Debug, Args)]
pub(crate) struct OfTenant {
    /// The tenant's slug or id
    tenant: String,
    /// The first day in UTC, such as 2026-03-04; a week ago without
    #[arg(long)]
    from: Option<String>,
    /// The last day; today without
    #[arg(long)]
    to: Option<String>,
    /// A line for each hour or each day
    #[arg(long, default_value = "day")]
    by: By,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum By {
    Hour,
    Day,
}

impl OfDay {
    /// The API names tenants by their ids. `with_slugs` asks for each one's slug, for people.
    pub(crate) fn run(&self, api: &Api, with_slugs: bool) -> Result<Answer, Failure> {
        let limit = self.limit.to_string();
        let query = query(&[("day", self.day.as_deref()), ("limit", Some(&limit))]);
        let response = api.get(&format!("/usage{query}"))?;
        let found = response.json();
        let tenants = found["tenants"].as_array().into_iter().flatten();
        let mut rows: Vec<Value> = tenants
            .map(|used| {
                let id = used["tenant"].as_str().unwrap_or_default();
                row(if with_slugs { slug(api, id) } else { id.to_owned() }, used)
            })
            .collect();
        rows.push(row("platform".to_owned(), &found["platform"]));
        rows.push(row("total".to_owned(), &found["total"]));
        let mut text = table(USED, &rows);
        if found["isComplete"] == json!(false) {
            text.push_str("\nThere are more tenants than one answer can look at: others may cost more.");
        }
        Ok(Answer::new(response.text(), &text))
    }
}

impl OfTenant {
    pub(crate) fn run(&self, api: &Api) -> Result<Answer, Failure> {
        let by = match self.by {
            By::Hour => "hour",
            By::Day => "day",
        };
        let query = query(&[("from", self.from.as_deref()), ("to", self.to.as_deref()), ("by", Some(by))]);
        let response = api.get(&format!("/tenants/{}/usage{query}", api.tenant_id(&self.tenant)?))?;
        let found = response.json();
        let periods = found["items"].as_array().into_iter().flatten();
        let mut rows: Vec<Value> =
            periods.map(|used| row(used["period"].as_str().unwrap_or_default().to_owned(), used)).collect();
        rows.push(row("total".to_owned(), &found["total"]));
        Ok(Answer::new(response.text(), &table(USED, &rows)))
    }
}

/// The id will do if the slug is not to be had.
fn slug(api: &Api, id: &str) -> String {
    let found = api.get(&format!("/tenants/{id}")).map(|response| response.json());
    let slug = found.ok().and_then(|tenant| tenant["slug"].as_str().map(str::to_owned));
    slug.unwrap_or_else(|| id.to_owned())
}

fn row(who: String, used: &Value) -> Value {
    let mut row = used.as_object().cloned().unwrap_or_else(Map::new);
    row.insert("who".to_owned(), who.into());
    row.insert("dollars".to_owned(), used["cost"]["microDollars"].as_u64().map(dollars).into());
    row.into()
}

/// Says the cost in dollars.
pub(crate) fn price(used: &mut Value) {
    if let Some(micro) = used["cost"]["microDollars"].as_u64() {
        used["cost"] = format!("${}", dollars(micro)).into();
    }
}

fn dollars(micro: u64) -> String {
    format!("{}.{:06}", micro / MICRO_DOLLARS_OF_A_DOLLAR, micro % MICRO_DOLLARS_OF_A_DOLLAR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cost_is_shown_in_dollars() {
        assert_eq!(dollars(0), "0.000000");
        assert_eq!(dollars(12_000_034), "12.000034");
        let used = json!({ "requests": 3, "cost": { "microDollars": 1 } });
        assert_eq!(row("acme".to_owned(), &used)["dollars"], "0.000001");
        assert_eq!(row("acme".to_owned(), &Value::Null)["dollars"], Value::Null);
        let mut used = used;
        price(&mut used);
        assert_eq!(used, json!({ "requests": 3, "cost": "$0.000001" }));
    }
}
