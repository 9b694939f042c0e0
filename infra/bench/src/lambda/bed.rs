//! A tenant with data in a local cloud, and the programs and events with which its functions are measured alone.

use std::collections::BTreeMap;
use std::path::PathBuf;

use client::id;
use serde_json::{Value, json};
use tests::journey::PASSWORD;
use tests::{Tenant, World};

use super::{Program, TlsServices, is_success};
use crate::rivals::Rival;
use crate::settings::Settings;

pub(crate) struct Bed {
    pub(crate) world: World,
    tenant: Tenant,
    product: Value,
    services: TlsServices,
    binaries: PathBuf,
    rival: Result<Rival, String>,
}

/// The rivals' names in tables.
pub(crate) const GET_PRODUCT_IN_NODE: &str = "get_product, Node.js";
pub(crate) const AUTHORIZER_IN_NODE: &str = "authorizer, Node.js";

impl Bed {
    pub(crate) fn open(settings: &Settings) -> Bed {
        let world = World::start_unlimited();
        let tenant = world.tenant("acme");
        let product = tenant.admin.create_product("Desk lamp", 1250);
        for _ in 0..3 {
            tenant.settled_order();
        }
        // An order that is confirmed later would set off the relay and consumers beside what is measured then.
        world.wait_until_consumed();
        world.cloud().set_enabled("RelayEventsFunction", false).expect("the relay has an event source");
        let services = TlsServices::serve(world.cloud().services_router());
        let (binaries, rival) = (settings.release_binaries(), Rival::find("express_lambda"));
        Bed { world, tenant, product, services, binaries, rival }
    }

    /// A function of the release profile.
    pub(crate) fn terrace(&self, binary: &str) -> Program {
        let path = self.binaries.join(binary);
        assert!(path.exists(), "{} is missing; `make bench` builds it", path.display());
        Program {
            name: binary.to_owned(),
            command: vec![path.into()],
            directory: None,
            environment: self.over_tls(binary),
            is_right: is_success,
        }
    }

    /// A function that reaches the services without TLS.
    pub(crate) fn without_tls(&self, binary: &str) -> Program {
        let environment = self.environment(binary, &self.world.cloud().services_url());
        Program { environment, ..self.terrace(binary) }
    }

    /// A program of `tests/bench/limits`, with the environment of `get_product`.
    pub(crate) fn limit(&self, binary: &str) -> Program {
        Program {
            name: binary.to_owned(),
            command: vec![self.binaries.join(binary).into()],
            ..self.terrace("get_product")
        }
    }

    /// The rivals of `get_product` and of `authorize_read`, unless they are not installed.
    pub(crate) fn rivals(&self) -> Option<[Program; 2]> {
        let rival = self.rival.as_ref().ok()?;
        let get_product = self.in_node(rival, GET_PRODUCT_IN_NODE, "get_product", "get_product");
        let authorizer = self.in_node(rival, AUTHORIZER_IN_NODE, "authorizer", "authorize_read");
        Some([get_product, authorizer.authorizing()])
    }

    /// What a report says of them.
    pub(crate) fn about_rivals(&self) -> String {
        match &self.rival {
            Ok(Rival { version, .. }) => format!(
                "The rivals run bundled in Node.js {version}, under AWS's own Runtime Interface Client, and trust the \
                 same few roots of certificates as the functions."
            ),
            Err(reason) => format!("**The rivals in Node.js are not measured: {reason}.**"),
        }
    }

    /// With the environment of the function that it stands for.
    fn in_node(&self, rival: &Rival, name: &str, handler: &str, function: &str) -> Program {
        let Rival { node, directory, .. } = rival;
        let client = directory.join("node_modules/aws-lambda-ric/bin/index.mjs");
        let mut environment = self.over_tls(function);
        let root = directory.join("dist");
        let root_name = root.display().to_string();
        let here =
            [("LAMBDA_TASK_ROOT", root_name.as_str()), ("NODE_ENV", "production"), ("NODE_NO_WARNINGS", "1")];
        environment.extend(here.map(|(name, value)| (name.to_owned(), value.to_owned())));
        environment.insert("_HANDLER".to_owned(), format!("{handler}.handler"));
        Program {
            name: name.to_owned(),
            command: vec![node.into(), client.into(), format!("{handler}.handler").into()],
            directory: Some(root),
            environment,
            is_right: is_success,
        }
    }

    fn environment(&self, binary: &str, services: &str) -> BTreeMap<String, String> {
        let environment = self.world.cloud().environment(binary, services);
        let mut environment = environment.unwrap_or_else(|| panic!("the template names no binary {binary}"));
        environment.insert("PATH".to_owned(), std::env::var("PATH").unwrap_or_default());
        environment
    }

    fn over_tls(&self, binary: &str) -> BTreeMap<String, String> {
        let mut environment = self.environment(binary, &self.services.url());
        environment.insert("SSL_CERT_FILE".to_owned(), self.services.roots().display().to_string());
        environment
    }

    /// What the authorizer of a class answers for the tenant's admin, with credentials.
    fn context(&self, authorizer: &str) -> Value {
        let answer = self.world.block_on(self.world.cloud().invoke(authorizer, self.authorization()));
        answer.expect("the authorizer answers")["context"].take()
    }

    pub(crate) fn authorization(&self) -> Value {
        json!({
            "version": "2.0",
            "type": "REQUEST",
            "routeKey": "GET /products/{id}",
            "headers": self.headers(),
            "identitySource": [format!("Bearer {}", self.tenant.token)],
        })
    }

    pub(crate) fn get_product(&self) -> Value {
        let path = format!("/products/{}", id(&self.product));
        let mut event = self.request("GET /products/{id}", &path, Some("AuthorizeReadFunction"));
        event["pathParameters"] = json!({ "id": self.product["id"] });
        event
    }

    pub(crate) fn get_dashboard(&self) -> Value {
        let mut event = self.request("GET /bff/dashboard", "/bff/dashboard", Some("AuthorizeReadFunction"));
        event["rawQueryString"] = json!("view=web");
        event["queryStringParameters"] = json!({ "view": "web" });
        event
    }

    /// Confirms a new order each time that it is called.
    pub(crate) fn confirm_order(&self) -> Value {
        let order = self.tenant.admin.place_order(&self.product, 2);
        let path = format!("/orders/{}/confirmation", id(&order));
        let mut event = self.request("POST /orders/{id}/confirmation", &path, Some("AuthorizeWriteFunction"));
        event["pathParameters"] = json!({ "id": order["id"] });
        event["headers"]["if-match"] = json!(format!("\"{}\"", order["version"]));
        event
    }

    pub(crate) fn log_in(&self) -> Value {
        let mut event = self.request("POST /sessions", "/sessions", None);
        let body = json!({ "tenant": self.tenant.slug, "email": self.tenant.email, "password": PASSWORD });
        event["headers"]["content-type"] = json!("application/json");
        event["body"] = json!(body.to_string());
        event
    }

    /// An event as API Gateway sends it: what browsers and proxies add makes most of its length.
    fn request(&self, route: &str, path: &str, authorizer: Option<&str>) -> Value {
        let method = route.split(' ').next();
        let mut event = json!({
            "version": "2.0",
            "routeKey": route,
            "rawPath": path,
            "rawQueryString": "",
            "headers": self.headers(),
            "requestContext": {
                "accountId": "123456789012",
                "apiId": "a1b2c3d4e5",
                "domainName": "a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com",
                "domainPrefix": "a1b2c3d4e5",
                "http": {
                    "method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "203.0.113.7",
                    "userAgent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                },
                "requestId": "Ab1cDeFgHiJkLmN=",
                "routeKey": route,
                "stage": "$default",
                "time": "21/Nov/2026:10:00:00 +0000",
                "timeEpoch": 1_795_255_200_000_u64,
            },
            "isBase64Encoded": false,
        });
        if let Some(authorizer) = authorizer {
            event["requestContext"]["authorizer"] = json!({ "lambda": self.context(authorizer) });
        }
        event
    }

    fn headers(&self) -> Value {
        json!({
            "accept": "application/json",
            "accept-encoding": "gzip, deflate, br, zstd",
            "accept-language": "en-GB,en;q=0.8,de;q=0.5",
            "authorization": format!("Bearer {}", self.tenant.token),
            "content-length": "0",
            "host": "a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com",
            "origin": "https://app.example",
            "referer": "https://app.example/products",
            "sec-fetch-dest": "empty",
            "sec-fetch-mode": "cors",
            "sec-fetch-site": "cross-site",
            "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "x-amzn-trace-id": "Root=1-5759e988-bd862e3fe1be46a994272793",
            "x-forwarded-for": "203.0.113.7",
            "x-forwarded-port": "443",
            "x-forwarded-proto": "https",
            "x-tenant-id": self.tenant.id,
        })
    }
}
