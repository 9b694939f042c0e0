//! Who did what: operators on the platform, and users and operators in one tenant.

use clap::Args;
use serde_json::Value;

use crate::answer::{Answer, Columns, table};
use crate::api::Api;
use crate::failure::Failure;

/// How many entries are shown unless --limit says it.
const ENTRIES: usize = 20;

const OF_OPERATORS: &Columns = &[
    ("AT", "/at"),
    ("PRINCIPAL", "/principal"),
    ("ACTION", "/action/kind"),
    ("TENANT", "/tenant"),
    ("DETAILS", "/action"),
];
const OF_A_TENANT: &Columns = &[
    ("AT", "/occurredAt"),
    ("KIND", "/kind"),
    ("ACTOR", "/actor"),
    ("WHAT", "/aggregate"),
    ("VERSION", "/sequence"),
];

#[derive(Debug, Args)]
pub(crate) struct Filter {
    /// How many entries, from the newest on
    #[arg(long, default_value_t = ENTRIES, value_parser = crate::arguments::at_least_one)]
    limit: usize,
}

#[derive(Debug, Args)]
pub(crate) struct OfTenant {
    /// The tenant's slug or id
    tenant: String,
    /// What this user did, or what operators did: a user's id, or `operator`
    #[arg(long)]
    actor: Option<String>,
    /// Events of this type, such as user.registered
    #[arg(long)]
    kind: Option<String>,
    /// Not before this time, such as 2026-03-04T05:06:07Z
    #[arg(long)]
    from: Option<String>,
    /// Not after this time
    #[arg(long)]
    to: Option<String>,
    #[command(flatten)]
    filter: Filter,
}

pub(crate) fn of_operators(api: &Api, filter: &Filter) -> Result<Answer, Failure> {
    Ok(answer(OF_OPERATORS, &api.list("/operators/audit", &[], Some(filter.limit))?))
}

impl OfTenant {
    pub(crate) fn run(&self, api: &Api) -> Result<Answer, Failure> {
        let id = api.tenant_id(&self.tenant)?;
        let filter = [
            ("actor", self.actor.as_deref()),
            ("kind", self.kind.as_deref()),
            ("from", self.from.as_deref()),
            ("to", self.to.as_deref()),
        ];
        let found = api.list(&format!("/tenants/{id}/audit"), &filter, Some(self.filter.limit))?;
        Ok(answer(OF_A_TENANT, &found))
    }
}

fn answer(columns: &Columns, list: &Value) -> Answer {
    let rows = list["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    Answer::new(list.to_string(), &table(columns, rows))
}
