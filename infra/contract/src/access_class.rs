//! Classes of access: what routes need and vendors give, as the binaries say it, and as the template has it. By its
//! vendor's tag, IAM gives a session its class.

use cloud::model::{HttpApi, Route, Stack};
use serde::Deserialize;

use crate::describe::{Binaries, Printed};
use crate::{ContractError, template};

/// What an authorizer's binary prints when it is started with the argument `describe`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Authorizer {
    access_class: String,
}

impl Printed for Authorizer {
    const HOW: &str = "serve_authorizer";
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccessClassError {
    #[error("{function} opens sessions of the class {says}, and its tag Vends is {tag:?}; make them agree")]
    Vendor { function: String, says: String, tag: Option<String> },
    #[error(
        "{key} needs access of the class {needed:?}, and its authorizer gives {given:?}; name the one that gives it"
    )]
    Route { key: String, needed: Option<String>, given: Option<String> },
}

/// Checks that each authorizer's binary is of the class that its function is tagged with.
pub(crate) fn authorizers(stack: &Stack, binaries: Binaries<'_>) -> Result<(), ContractError> {
    for authorizer in stack.apis.iter().flat_map(|api| api.authorizers.values()) {
        let Some(function) = template::function(stack, &authorizer.function) else { continue };
        let described: Authorizer = binaries.describe(function)?;
        vendor(stack, &function.logical_id, &described.access_class)?;
    }
    Ok(())
}

/// Checks the class of sessions that a function says it opens.
pub(crate) fn vendor(stack: &Stack, function: &str, says: &str) -> Result<(), AccessClassError> {
    match tag(stack, function) {
        Some(tag) if tag == says => Ok(()),
        tag => Err(AccessClassError::Vendor {
            function: function.to_owned(),
            says: says.to_owned(),
            tag: tag.map(str::to_owned),
        }),
    }
}

/// Checks the class of access that comes with a route's requests.
pub(crate) fn route(
    stack: &Stack,
    api: &HttpApi,
    route: &Route,
    needed: Option<&str>,
) -> Result<(), AccessClassError> {
    let authorizer = route.authorizer.lambda().and_then(|name| api.authorizers.get(name));
    let given = authorizer.and_then(|authorizer| tag(stack, &authorizer.function));
    if needed == given {
        return Ok(());
    }
    let [needed, given] = [needed, given].map(|class| class.map(str::to_owned));
    Err(AccessClassError::Route { key: format!("{} {}", route.method, route.path), needed, given })
}

fn tag<'a>(stack: &'a Stack, function: &str) -> Option<&'a str> {
    let role = format!("{function}Role");
    stack.roles.iter().find(|known| known.logical_id == role)?.tags.get("Vends")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::time::Duration;

    use super::*;
    use crate::fixtures;

    #[test]
    fn a_vendor_is_tagged_with_its_class() {
        let stack = fixtures::stack();
        assert_eq!(vendor(&stack, "NotifyFunction", "notify"), Ok(()));
        let refused = vendor(&stack, "NotifyFunction", "write").unwrap_err().to_string();
        assert!(
            refused.starts_with("NotifyFunction opens sessions of the class write, and its tag Vends is")
        );
        assert!(vendor(&stack, "RelayFunction", "notify").is_err());
    }

    #[test]
    fn a_route_has_the_authorizer_that_gives_what_it_needs() {
        let stack = fixtures::stack();
        let authorizer = cloud::model::Authorizer {
            function: "NotifyFunction".to_owned(),
            identity_headers: Vec::new(),
            reauthorize_every: Duration::ZERO,
        };
        let api =
            HttpApi { authorizers: BTreeMap::from([("Notify".to_owned(), authorizer)]), ..fixtures::api() };
        let (open, guarded) = (fixtures::route(None), fixtures::route(Some("Notify")));
        assert_eq!(super::route(&stack, &api, &guarded, Some("notify")), Ok(()));
        assert_eq!(super::route(&stack, &api, &open, None), Ok(()));
        for (wrong, needed) in [(&guarded, Some("write")), (&guarded, None), (&open, Some("read"))] {
            let refused = super::route(&stack, &api, wrong, needed).unwrap_err().to_string();
            assert!(refused.starts_with("GET /things needs access of the class "), "{refused}");
        }
    }
}
