use clap::Args;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::api::Api;
use crate::failure::Failure;
use crate::prompt::confirm;
use crate::tenants::shown;

#[derive(Debug, Args)]
pub(crate) struct Suspend {
    /// The tenant's slug or id
    tenant: String,
    /// Why, for other operators and the audit
    #[arg(long)]
    reason: String,
    /// Confirms it, by the tenant's slug
    #[arg(long, value_name = "SLUG")]
    yes: Option<String>,
}

impl Suspend {
    pub(super) fn run(&self, api: &Api) -> Result<Answer, Failure> {
        let known = api.tenant(&self.tenant)?;
        let [slug, name] = ["slug", "name"].map(|member| known.view[member].as_str().unwrap_or_default());
        let users = known.view["counts"]["users"].as_u64().map(|users| format!(" with {users} users"));
        let what = format!("This shuts out {name} ({slug}){}, within a minute.", users.unwrap_or_default());
        confirm(slug, self.yes.as_deref(), &what)?;
        Ok(shown(&api.change(&known, "PUT", "/suspension", &json!({ "reason": self.reason }))?))
    }
}

pub(super) fn resume(api: &Api, tenant: &str) -> Result<Answer, Failure> {
    let known = api.tenant(tenant)?;
    Ok(shown(&api.change(&known, "DELETE", "/suspension", &Value::Null)?))
}
