use clap::{ArgGroup, Args};
use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::api::Api;
use crate::arguments::switch;
use crate::entitlements::{Entitlements, LIMITS};
use crate::failure::Failure;
use crate::prompt::confirm;
use crate::tenants::shown;

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("what").required(true).multiple(true).args(["tier", "limits", "features"])))]
pub(crate) struct Change {
    /// The tenant's slug or id
    tenant: String,
    #[arg(long)]
    tier: Option<String>,
    /// A limit of its own, such as requests=500, users=20 or products=default, which takes it away
    #[arg(long = "limit", value_name = "NAME=NUMBER|default", value_parser = limit)]
    limits: Vec<(String, Value)>,
    /// A feature on or off for it alone, such as audit=on; audit=default leaves it to the tier
    #[arg(long = "feature", value_name = "NAME=on|off|default", value_parser = feature)]
    features: Vec<(String, Value)>,
    /// Confirms it, by the tenant's slug, where the tenant loses something
    #[arg(long, value_name = "SLUG")]
    yes: Option<String>,
}

impl Change {
    pub(super) fn run(&self, api: &Api) -> Result<Answer, Failure> {
        let known = api.tenant(&self.tenant)?;
        let tiers = api.get("/tiers")?.json();
        let body = self.body();
        let after = Entitlements::after(&known.view, &tiers["tiers"], &body);
        let lost = after.map(|after| Entitlements::of_tenant(&known.view).lost(&after)).unwrap_or_default();
        if !lost.is_empty() {
            let [slug, name] = ["slug", "name"].map(|member| known.view[member].as_str().unwrap_or_default());
            let what = format!("{name} ({slug}) loses:\n  {}", lost.join("\n  "));
            confirm(slug, self.yes.as_deref(), &what)?;
        }
        Ok(shown(&api.change(&known, "PATCH", "", &body)?))
    }

    fn body(&self) -> Value {
        let mut body = Map::new();
        if let Some(tier) = &self.tier {
            body.insert("tier".to_owned(), json!(tier));
        }
        for (name, changes) in [("limits", &self.limits), ("features", &self.features)] {
            if !changes.is_empty() {
                body.insert(name.to_owned(), changes.iter().cloned().collect());
            }
        }
        body.into()
    }
}

fn limit(text: &str) -> Result<(String, Value), String> {
    let parsed = text.split_once('=').and_then(|(name, number)| {
        let number = if number == "default" { Value::Null } else { number.parse::<u64>().ok()?.into() };
        Some((name.to_owned(), number))
    });
    let known = parsed.filter(|(name, _)| LIMITS.contains(&name.as_str()));
    known.ok_or_else(|| "write requests, users or products, and =500 or =default".to_owned())
}

fn feature(text: &str) -> Result<(String, Value), String> {
    match text.split_once('=') {
        Some((name, "default")) => Ok((name.to_owned(), Value::Null)),
        _ => switch(text)
            .map(|(name, is_on)| (name, is_on.into()))
            .map_err(|error| error + " or audit=default"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_and_features_are_numbers_and_switches_and_default_takes_them_away() {
        assert_eq!(limit("requests=500"), Ok(("requests".to_owned(), json!(500))));
        assert_eq!(limit("users=default"), Ok(("users".to_owned(), Value::Null)));
        assert_eq!(feature("audit=on"), Ok(("audit".to_owned(), json!(true))));
        assert_eq!(feature("audit=off"), Ok(("audit".to_owned(), json!(false))));
        assert_eq!(feature("audit=default"), Ok(("audit".to_owned(), Value::Null)));
        for bad in ["requests", "requests=", "requests=-1", "requests=many", "orders=5", "=5"] {
            assert!(limit(bad).is_err(), "{bad}");
        }
        for bad in ["audit", "audit=yes", "audit="] {
            assert!(feature(bad).is_err(), "{bad}");
        }
    }
}
