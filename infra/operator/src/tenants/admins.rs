use clap::Args;
use serde_json::json;

use crate::answer::{Answer, Columns, lines};
use crate::api::Api;
use crate::failure::Failure;
use crate::prompt::{confirm, new_password};

const ADMIN: &Columns =
    &[("Id", "/id"), ("Name", "/name"), ("E-mail", "/email"), ("Roles", "/roles"), ("Status", "/status")];

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
    /// Confirms it, by the tenant's slug
    #[arg(long, value_name = "SLUG")]
    yes: Option<String>,
}

impl AddAdmin {
    pub(super) fn run(&self, api: &Api) -> Result<Answer, Failure> {
        let known = api.tenant(&self.tenant)?;
        let member = |name: &str| known.view[name].as_str().unwrap_or_default();
        let what = format!("This makes {} an admin of {} ({}).", self.email, member("name"), member("slug"));
        confirm(member("slug"), self.yes.as_deref(), &what)?;
        let path = format!("/tenants/{}/admins", member("id"));
        let body = json!({ "name": self.name, "email": self.email, "password": new_password()? });
        let response = api.post_keyed(&path, &body, self.key.as_deref())?;
        Ok(Answer::new(response.text(), &lines(ADMIN, &response.json())))
    }
}
