use clap::Args;
use serde_json::json;

use crate::answer::{Answer, Columns, lines};
use crate::api::Api;
use crate::failure::Failure;
use crate::prompt::new_password;

const ONBOARDED: &Columns = &[
    ("Id", "/id"),
    ("Slug", "/slug"),
    ("Name", "/name"),
    ("Tier", "/tier"),
    ("Admin", "/admin/name"),
    ("E-mail", "/admin/email"),
    ("Admin's id", "/admin/id"),
];

#[derive(Debug, Args)]
pub(crate) struct Onboard {
    #[arg(long)]
    name: String,
    /// What users sign in with: lower-case letters, digits and dashes; it stays
    #[arg(long)]
    slug: String,
    #[arg(long)]
    tier: String,
    #[arg(long)]
    admin_name: String,
    #[arg(long)]
    admin_email: String,
    /// The Idempotency-Key of an earlier attempt, to repeat it
    #[arg(long)]
    key: Option<String>,
}

impl Onboard {
    pub(super) fn run(&self, api: &Api) -> Result<Answer, Failure> {
        let Onboard { name, slug, tier, admin_name, admin_email, key } = self;
        let admin = json!({ "name": admin_name, "email": admin_email, "password": new_password()? });
        let body = json!({ "name": name, "slug": slug, "tier": tier, "admin": admin });
        let response = api.post_keyed("/tenants", &body, key.as_deref())?;
        Ok(Answer::new(response.text(), &lines(ONBOARDED, &response.json())))
    }
}
