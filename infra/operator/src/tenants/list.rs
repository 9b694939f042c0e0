use clap::Args;
use serde_json::Value;

use crate::answer::{Answer, Columns, table};
use crate::api::Api;
use crate::failure::Failure;

const ROW: &Columns = &[
    ("SLUG", "/slug"),
    ("NAME", "/name"),
    ("TIER", "/tier"),
    ("STATUS", "/status"),
    ("ONBOARDED", "/onboardedAt"),
    ("ID", "/id"),
];

#[derive(Debug, Args)]
pub(crate) struct List {
    /// active or suspended
    #[arg(long)]
    status: Option<String>,
    /// On this tier
    #[arg(long)]
    tier: Option<String>,
    /// Whose name begins with this, in either case
    #[arg(long)]
    name: Option<String>,
    /// With this slug
    #[arg(long)]
    slug: Option<String>,
    /// At most so many, in place of all
    #[arg(long, value_parser = crate::arguments::at_least_one)]
    limit: Option<usize>,
}

impl List {
    pub(super) fn run(&self, api: &Api) -> Result<Answer, Failure> {
        let filter = [
            ("status", self.status.as_deref()),
            ("tier", self.tier.as_deref()),
            ("name", self.name.as_deref()),
            ("slug", self.slug.as_deref()),
        ];
        let found = api.list("/tenants", &filter, self.limit)?;
        let rows = found["items"].as_array().map(Vec::as_slice).unwrap_or_default();
        let mut text = table(ROW, rows);
        if found["nextCursor"] != Value::Null {
            text.push_str("\nThere may be more.");
        }
        Ok(Answer::new(found.to_string(), &text))
    }
}
