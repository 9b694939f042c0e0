//! Who did what: operators on the platform, and users and operators in one tenant.

use clap::Args;

use crate::answer::{Answer, Columns, table};
use crate::api::Api;
use crate::failure::Failure;

/// How many entries are shown unless --limit says it.
const ENTRIES: usize = 20;

const OF_OPERATORS: &Columns =
    &[("AT", "/at"), ("PRINCIPAL", "/principal"), ("ACTION", "/action"), ("TENANT", "/tenant")];
const OF_A_TENANT: &Columns = &[
    ("AT", "/occurredAt"),
    ("KIND", "/kind"),
    ("ACTOR", "/actor"),
    ("WHAT", "/aggregate"),
    ("VERSION", "/sequence"),
];

/// Which entries: when, and how many.
#[derive(Debug, Args)]
struct Range {
    /// Not before this time, such as 2026-03-04T05:06:07Z
    #[arg(long)]
    from: Option<String>,
    /// Not after this time
    #[arg(long)]
    to: Option<String>,
    /// How many entries, from the newest on
    #[arg(long, default_value_t = ENTRIES, value_parser = crate::arguments::at_least_one)]
    limit: usize,
}

#[derive(Debug, Args)]
pub(crate) struct OfOperators {
    /// What was done to this tenant, by its slug or id
    #[arg(long)]
    tenant: Option<String>,
    /// What this principal did, by its ARN
    #[arg(long)]
    principal: Option<String>,
    #[command(flatten)]
    range: Range,
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
    #[command(flatten)]
    range: Range,
}

impl OfOperators {
    pub(crate) fn run(&self, api: &Api) -> Result<Answer, Failure> {
        let tenant = self.tenant.as_deref().map(|name| api.tenant_id(name)).transpose()?;
        let which = [("tenant", tenant.as_deref()), ("principal", self.principal.as_deref())];
        self.range.read(api, "/operators/audit", which, OF_OPERATORS)
    }
}

impl OfTenant {
    pub(crate) fn run(&self, api: &Api) -> Result<Answer, Failure> {
        let path = format!("/tenants/{}/audit", api.tenant_id(&self.tenant)?);
        let which = [("actor", self.actor.as_deref()), ("kind", self.kind.as_deref())];
        self.range.read(api, &path, which, OF_A_TENANT)
    }
}

impl Range {
    fn read(
        &self,
        api: &Api,
        path: &str,
        [first, second]: [(&str, Option<&str>); 2],
        columns: &Columns,
    ) -> Result<Answer, Failure> {
        let filter = [first, second, ("from", self.from.as_deref()), ("to", self.to.as_deref())];
        let list = api.list(path, &filter, Some(self.limit))?;
        let rows = list["items"].as_array().map(Vec::as_slice).unwrap_or_default();
        Ok(Answer::new(list.to_string(), &table(columns, rows)))
    }
}
