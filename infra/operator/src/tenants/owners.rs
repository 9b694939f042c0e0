use clap::Args;
use serde_json::json;

use super::admins::USER;
use crate::answer::{Answer, lines};
use crate::api::Api;
use crate::failure::Failure;
use crate::prompt::confirm;

#[derive(Debug, Args)]
pub(crate) struct ReplaceOwner {
    /// The tenant's slug or id
    tenant: String,
    #[arg(long)]
    name: String,
    /// One that no user of the tenant has; or that of who was invited last, to mail another link
    #[arg(long)]
    email: String,
    /// The Idempotency-Key of an earlier attempt, to repeat it
    #[arg(long)]
    key: Option<String>,
    /// Confirms it, by the tenant's slug
    #[arg(long, value_name = "SLUG")]
    yes: Option<String>,
}

impl ReplaceOwner {
    pub(super) fn run(&self, api: &Api) -> Result<Answer, Failure> {
        let known = api.tenant(&self.tenant)?;
        let member = |name: &str| known.view[name].as_str().unwrap_or_default();
        let what =
            format!("This lets {} become the owner of {} ({}).", self.email, member("name"), member("slug"));
        confirm(member("slug"), self.yes.as_deref(), &what)?;
        let path = format!("/tenants/{}/owner", member("id"));
        let body = json!({ "name": self.name, "email": self.email });
        let response = api.post_keyed(&path, &body, self.key.as_deref())?;
        Ok(Answer::new(response.text(), &lines(USER, &response.json())))
    }
}
