use clap::Args;
use serde_json::json;

use super::admins::USER;
use crate::answer::{Answer, lines};
use crate::api::Api;
use crate::failure::Failure;

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
}

impl ReplaceOwner {
    pub(super) fn run(&self, api: &Api) -> Result<Answer, Failure> {
        let path = format!("/tenants/{}/owner", api.tenant_id(&self.tenant)?);
        let body = json!({ "name": self.name, "email": self.email });
        let response = api.post_keyed(&path, &body, self.key.as_deref())?;
        Ok(Answer::new(response.text(), &lines(USER, &response.json())))
    }
}
