//! `terrace tiers …`

use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};

use crate::answer::{Answer, Columns, table};
use crate::api::Api;
use crate::arguments::switch;
use crate::entitlements::{Entitlements, LIMITS};
use crate::failure::Failure;
use crate::prompt::confirm;

const ROW: &Columns = &[
    ("NAME", "/name"),
    ("REQUESTS IN 10 S", "/requests"),
    ("USERS", "/users"),
    ("PRODUCTS", "/products"),
    ("FEATURES", "/features"),
    ("PRICE, MINOR UNITS", "/price/amount"),
    ("CURRENCY", "/price/currency"),
];

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Lists the tiers
    List,
    /// Changes a tier for all of its tenants, or creates one; in force within a minute
    Set(Set),
}

#[derive(Debug, Args)]
pub(crate) struct Set {
    #[arg(value_parser = name)]
    name: String,
    /// Requests in ten seconds; as it is, without
    #[arg(long)]
    requests: Option<u64>,
    #[arg(long)]
    users: Option<u64>,
    #[arg(long)]
    products: Option<u64>,
    /// A feature that the tier includes or not, such as audit=on
    #[arg(long = "feature", value_name = "NAME=on|off", value_parser = switch)]
    features: Vec<(String, bool)>,
    /// What it costs in a month, in minor units such as cents
    #[arg(long)]
    price: Option<u64>,
    #[arg(long)]
    currency: Option<String>,
    /// Confirms it, by the tier's name, where its tenants lose something
    #[arg(long, value_name = "NAME")]
    yes: Option<String>,
}

impl Command {
    pub(crate) fn run(&self, api: &Api) -> Result<Answer, Failure> {
        match self {
            Command::List => {
                let response = api.get("/tiers")?;
                Ok(Answer::new(response.text(), &shown(&response.json())))
            }
            Command::Set(set) => set.run(api),
        }
    }
}

impl Set {
    fn run(&self, api: &Api) -> Result<Answer, Failure> {
        let known = api.read("/tiers".to_owned(), "/operators/audit".to_owned())?;
        let tiers = known.view["tiers"].as_array().into_iter().flatten();
        let before = tiers.into_iter().find(|tier| tier["name"] == *self.name);
        let after = self.after(before)?;
        let lost = before.map(|before| Entitlements::of_tier(before).lost(&Entitlements::of_tier(&after)));
        if let Some(lost) = lost.filter(|lost| !lost.is_empty()) {
            let what = format!("All tenants of the tier {} lose:\n  {}", self.name, lost.join("\n  "));
            confirm(&self.name, self.yes.as_deref(), &what)?;
        }
        let response = api.change(&known, "PUT", &format!("/{}", self.name), &after)?;
        Ok(Answer::new(response.text(), &shown(&response.json())))
    }

    /// The tier as it is to be. What is not said stays, and of a new tier all has to be said.
    fn after(&self, before: Option<&Value>) -> Result<Value, Failure> {
        let mut missing = Vec::new();
        let mut tier = Map::new();
        let given = LIMITS.iter().zip([self.requests, self.users, self.products]);
        for (name, value) in given {
            let kept = || before.map_or(Value::Null, |before| before[name].clone());
            tier.insert((*name).to_owned(), value.map_or_else(kept, Value::from));
            if value.is_none() && before.is_none() {
                missing.push(*name);
            }
        }
        let price = before.map_or(Value::Null, |before| before["price"].clone());
        let amount = self.price.map_or_else(|| price["amount"].clone(), Value::from);
        let currency = self.currency.as_deref().map_or_else(|| price["currency"].clone(), Value::from);
        missing.extend(["price"].iter().filter(|_| amount.is_null()));
        missing.extend(["currency"].iter().filter(|_| currency.is_null()));
        if !missing.is_empty() {
            let missing = missing.join(", --");
            return Err(Failure::Usage(format!(
                "There is no tier {} yet. A new one needs --{missing}",
                self.name
            )));
        }
        tier.insert("features".to_owned(), self.features(before).into());
        tier.insert("price".to_owned(), json!({ "amount": amount, "currency": currency }));
        Ok(tier.into())
    }

    fn features(&self, before: Option<&Value>) -> Vec<String> {
        let before = before.and_then(|tier| tier["features"].as_array()).into_iter().flatten();
        let mut names: Vec<String> = before.filter_map(|name| name.as_str().map(str::to_owned)).collect();
        for (name, is_on) in &self.features {
            names.retain(|other| other != name);
            names.extend(is_on.then(|| name.clone()));
        }
        names
    }
}

fn shown(tiers: &Value) -> String {
    table(ROW, tiers["tiers"].as_array().map(Vec::as_slice).unwrap_or_default())
}

/// It goes into a path.
fn name(text: &str) -> Result<String, String> {
    let is_name = !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if is_name { Ok(text.to_owned()) } else { Err("use lower-case letters, digits and dashes".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(line: &str) -> Set {
        use clap::FromArgMatches;
        let command = Set::augment_args(clap::Command::new("set").no_binary_name(true));
        Set::from_arg_matches(&command.try_get_matches_from(line.split(' ')).unwrap()).unwrap()
    }

    #[test]
    fn what_is_not_said_of_a_tier_stays() {
        let before = json!({
            "name": "pro", "requests": 5000, "users": 50, "products": 100, "features": ["audit", "other"],
            "price": { "amount": 4900, "currency": "EUR" },
        });
        let after = set("pro --requests 6000 --feature audit=off --feature new=on").after(Some(&before));
        let expected = json!({
            "requests": 6000, "users": 50, "products": 100, "features": ["other", "new"],
            "price": { "amount": 4900, "currency": "EUR" },
        });
        assert_eq!(after.unwrap(), expected);
    }

    #[test]
    fn of_a_new_tier_all_has_to_be_said() {
        let refused = set("basic --requests 5 --price 0").after(None).unwrap_err().to_string();
        assert!(refused.ends_with("needs --users, --products, --currency"), "{refused}");
        assert!(
            set("basic --requests 5 --users 1 --products 2 --price 0 --currency EUR").after(None).is_ok()
        );
        assert!(name("../tenants").is_err() && name("Pro").is_err() && name("pro-2").is_ok());
    }
}
