//! `terrace tenants …`

mod admins;
mod change;
mod list;
mod onboard;
mod owners;
mod suspension;

use clap::{Args, Subcommand};
use client::Response;

use crate::answer::{Answer, Columns, lines};
use crate::api::{Api, Known};
use crate::failure::Failure;
use crate::{audit, usage};

const VIEW: &Columns = &[
    ("Id", "/id"),
    ("Slug", "/slug"),
    ("Name", "/name"),
    ("Tier", "/tier"),
    ("Status", "/status"),
    ("Suspended since", "/suspension/since"),
    ("Reason", "/suspension/reason"),
    ("Limits", "/limits"),
    ("Has", "/counts"),
    ("Features", "/features"),
    ("Own limits", "/overrides/limits"),
    ("Own features", "/overrides/features"),
    ("Usage today", "/usageToday"),
    ("Version", "/version"),
];

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Lists the tenants, all of them or some
    List(list::List),
    /// Shows a tenant: tier, status, limits and features in force, what it has, and what it uses
    Show(Tenant),
    /// Creates a tenant and its first admin, whose password is asked for, or read from the standard input
    Onboard(onboard::Onboard),
    /// Changes a tenant's tier, or its own limits and features
    Change(change::Change),
    /// Shuts a tenant out, until it is resumed; confirmed by its slug
    Suspend(suspension::Suspend),
    /// Lets a suspended tenant in again
    Resume(Tenant),
    /// What happened in a tenant, newest first
    Audit(audit::OfTenant),
    /// What a tenant uses by day or by hour, and what that costs
    Usage(usage::OfTenant),
    /// Adds an admin, for a tenant whose last one is gone; the password is asked for, or read from the standard input
    AddAdmin(admins::AddAdmin),
    /// Invites somebody to become the owner in the place of one who is lost, by a link that is mailed
    ReplaceOwner(owners::ReplaceOwner),
}

#[derive(Debug, Args)]
pub(crate) struct Tenant {
    /// The tenant's slug or id
    tenant: String,
}

impl Command {
    pub(crate) fn run(&self, api: &Api) -> Result<Answer, Failure> {
        match self {
            Command::List(list) => list.run(api),
            Command::Show(tenant) => {
                let id = api.tenant_id(&tenant.tenant)?;
                Ok(shown(&api.get(&format!("/tenants/{id}"))?))
            }
            Command::Onboard(onboard) => onboard.run(api),
            Command::Change(change) => change.run(api),
            Command::Suspend(suspend) => suspend.run(api),
            Command::Resume(tenant) => suspension::resume(api, &tenant.tenant),
            Command::Audit(filter) => filter.run(api),
            Command::Usage(usage) => usage.run(api),
            Command::AddAdmin(admin) => admin.run(api),
            Command::ReplaceOwner(owner) => owner.run(api),
        }
    }
}

impl Api {
    /// The id of the tenant with this slug or id.
    pub(crate) fn tenant_id(&self, name: &str) -> Result<String, Failure> {
        if is_id(name) {
            return Ok(name.to_owned());
        }
        let found = self.list("/tenants", &[("slug", Some(name))], Some(1))?;
        let id = found["items"][0]["id"].as_str().map(str::to_owned);
        id.ok_or_else(|| Failure::NoTenant(name.to_owned()))
    }

    fn tenant(&self, name: &str) -> Result<Known, Failure> {
        let path = format!("/tenants/{}", self.tenant_id(name)?);
        self.read(path.clone(), format!("{path}/audit"))
    }
}

fn is_id(name: &str) -> bool {
    let digits = name.strip_prefix("ten_").unwrap_or_default();
    digits.len() == 32 && digits.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
}

fn shown(response: &Response) -> Answer {
    let mut view = response.json();
    if let Some(used) = view.get_mut("usageToday") {
        usage::price(used);
    }
    Answer::new(response.text(), &lines(VIEW, &view))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_goes_into_a_path_and_all_else_is_a_slug() {
        assert!(is_id("ten_0199c0de5a7f7cc0b5a58d0a3b8a1c2d"));
        for other in [
            "acme",
            "ten_",
            "ten_0199C0DE5A7F7CC0B5A58D0A3B8A1C2D",
            "ten_0199c0de5a7f7cc0b5a58d0a3b8a1c/d",
            "",
        ] {
            assert!(!is_id(other), "{other}");
        }
    }
}
