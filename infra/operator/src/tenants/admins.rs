use clap::Args;
use serde_json::json;

use crate::answer::{Answer, Columns, lines};
use crate::api::Api;
use crate::failure::Failure;
use crate::prompt::new_password;

const ADMIN: &Columns =
    &[("Id", "/id"), ("Name", "/name"), ("E-mail", "/email"), ("Roles", "/roles/0"), ("Status", "/status")];

#[derive(Debug, Args)]
pub(crate) struct AddAdmin {
    /// The tenant's slug or id
    tenant: String,
    #[arg(long)]
    name: String,
    #[arg(long)]
    email: String,
    /// The Idempotency-Key of an earlier attempt, to repeat it
    #[arg(long)]
    key: Option<String>,
}

impl AddAdmin {
    pub(super) fn run(&self, api: &Api) -> Result<Answer, Failure> {
        let path = format!("/tenants/{}/admins", api.tenant_id(&self.tenant)?);
        let body = json!({ "name": self.name, "email": self.email, "password": new_password()? });
        let response = api.post_keyed(&path, &body, self.key.as_deref())?;
        Ok(Answer::new(response.text(), &lines(ADMIN, &response.json())))
    }
}
