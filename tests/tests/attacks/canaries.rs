//! The credentials of sessions reach the functions that need them, and nobody else: no log, no answer, no item.

use std::io::Write;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use client::{Response, eventually};
use serde_json::{Value, json};
use tests::journey::{PASSWORD, onboarding};
use tests::{Tenant, World};

/// What this process has logged while a test listens.
static LOG: Mutex<Option<Vec<u8>>> = Mutex::new(None);

struct Listening;

impl Write for Listening {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if let Some(log) = LOG.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            log.extend_from_slice(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn listen() {
    static SUBSCRIBER: OnceLock<()> = OnceLock::new();
    SUBSCRIBER.get_or_init(|| {
        let subscriber =
            tracing_subscriber::fmt().with_max_level(tracing_subscriber::filter::LevelFilter::DEBUG);
        subscriber.with_writer(|| Listening).init();
    });
    *LOG.lock().unwrap_or_else(PoisonError::into_inner) = Some(Vec::new());
}

fn heard() -> String {
    let log = LOG.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default();
    String::from_utf8_lossy(&log).into_owned()
}

/// What was answered, with headers.
#[derive(Default)]
struct Answers(Vec<String>);

impl Answers {
    fn keep(&mut self, answer: Response) -> u16 {
        self.0.push(format!("{:?} {}", answer.headers, answer.text()));
        answer.status
    }
}

/// The answer of the authorizer for this token, which holds credentials.
fn context(world: &World, tenant: &Tenant) -> Value {
    let event = json!({ "headers": { "authorization": format!("Bearer {}", tenant.token) } });
    let answer = world.block_on(world.cloud().invoke("AuthorizeReadFunction", event)).unwrap();
    answer["context"].clone()
}

/// What a route's function says to an event with this authorizer, which is no answer of ours.
fn malformed(world: &World, authorizer: &Value) -> String {
    let event = json!({
        "version": "2.0", "routeKey": "GET /me", "rawPath": "/me", "rawQueryString": "", "headers": {},
        "requestContext": { "requestId": "r", "routeKey": "GET /me", "authorizer": authorizer },
    });
    match world.block_on(world.cloud().invoke("GetMeFunction", event)) {
        Ok(answer) => {
            let status = answer["statusCode"].as_u64().unwrap();
            assert!([401, 500].contains(&status), "{answer}");
            answer.to_string()
        }
        Err(error) => format!("{error} {error:?}"),
    }
}

/// The contexts that are like this one, and none.
fn spoilt(context: &Value) -> Vec<Value> {
    let secret = context["secretAccessKey"].clone();
    let mut all = vec![
        secret.clone(),
        json!([secret]),
        json!({ "lambda": secret }),
        json!({ "lambda": [secret] }),
        json!({ "lambda": { "secretAccessKey": secret } }),
        json!({ "jwt": { "claims": context } }),
    ];
    for name in context.as_object().unwrap().keys() {
        for value in [secret.clone(), json!([secret]), json!({ "inside": secret }), Value::Null] {
            // A secret in place of another is well formed; what names no feature, no permission and no plugin is left out;
            // and an older authorizer names neither tier nor session nor permissions.
            let texts =
                ["accessKeyId", "secretAccessKey", "sessionToken", "features", "permissions", "plugins"];
            let missing = ["tier", "session", "permissions"];
            let is_well_formed = value.is_string() && texts.contains(&name.as_str())
                || value.is_null() && missing.contains(&name.as_str());
            if !is_well_formed {
                let mut changed = context.clone();
                changed[name] = value;
                all.push(json!({ "lambda": changed }));
            }
        }
    }
    all
}

#[test]
fn credentials_show_nowhere() {
    listen();
    let world = World::start_with(|options| options.console_port = Some(0));
    world.cloud().services().override_visibility_timeout(Duration::from_millis(200));
    let mut answers = Answers::default();
    let tenant = world.tenant("acme");
    let order = tenant.settled_order();
    answers.keep(tenant.admin.get(&format!("/orders/{}", client::id(&order))).send());
    assert_eq!(answers.keep(tenant.admin.get("/bff/dashboard?view=web").send()), 200);
    assert_eq!(answers.keep(tenant.admin.get(&format!("/orders/ord_{}", "0".repeat(32))).send()), 404);
    assert_eq!(answers.keep(tenant.admin.post("/products", &json!({ "name": 1 })).send()), 422);
    assert_eq!(answers.keep(world.anonymous().bearing("x").get("/me").send()), 403);

    // A token that no cache knows yet.
    let session = world.anonymous().log_in("acme", &tenant.email, PASSWORD).expect(201);
    let unknown = session["accessToken"].as_str().unwrap().to_owned();
    let context = context(&world, &tenant);
    answers.0.extend(spoilt(&context).iter().map(|authorizer| malformed(&world, authorizer)));

    let globex = onboarding("globex");
    assert_eq!(answers.keep(world.operator().post("/tenants", &globex).send()), 201);
    // The function's table fails, then the authorizer's, then STS, in whose answer the credentials are.
    for action in ["GetItem", "BatchGetItem", "Query"] {
        world.fail(action, "");
    }
    assert_eq!(answers.keep(tenant.admin.get(&format!("/orders/{}", client::id(&order))).send()), 503);
    assert_eq!(answers.keep(world.anonymous().bearing(&unknown).get("/me").send()), 500);
    world.clear_faults();
    world.fail("AssumeRole", "");
    assert_eq!(answers.keep(world.anonymous().log_in("globex", "ada@globex.example", PASSWORD)), 503);
    world.clear_faults();
    world.fail("SendEmail", "");
    world.fail("SendMessage", "");
    let confirmed = tenant.order();
    tenant.admin.confirm(&confirmed).expect(200);
    world.clear_faults();
    world.wait_until_consumed();

    let secrets = world.cloud().services().credentials().secrets();
    assert!(secrets.len() > 20 && secrets.iter().all(|secret| secret.len() >= 40), "{}", secrets.len());
    assert!(
        secrets.contains(&context["sessionToken"].as_str().unwrap().to_owned()),
        "what travels is looked for"
    );
    let shown = |text: &str| secrets.iter().any(|secret| text.contains(secret.as_str()));
    assert!(shown(&context.to_string()), "what is there is found");

    let functions = world.cloud().logs();
    assert!(functions.len() < 2_000, "older lines are gone");
    assert!(functions.iter().any(|line| line.contains("no answer of our authorizer")), "{functions:?}");
    let console = world.cloud().console_url().unwrap().to_owned();
    let state = client::Http::new(&console).get("/state").send();
    let queues = &world.cloud().stack().queues;
    let messages =
        queues.iter().map(|queue| format!("{:?}", world.cloud().services().messages(&queue.logical_id)));
    let (events, mails) = (world.cloud().services().recent_events(), world.cloud().mailbox());
    assert!(!events.is_empty() && !mails.is_empty());
    let process = heard();
    assert!(process.contains("an authorizer failed"), "this process has logged the failures: {process}");
    let everywhere = [
        ("a function's log", functions),
        ("the log of gateway and services", process.lines().map(str::to_owned).collect()),
        ("an answer", answers.0),
        ("the console", vec![state.text()]),
        ("a table", world.scan().iter().map(Value::to_string).collect()),
        ("a queue", messages.collect()),
        ("an event", events.iter().map(|event| format!("{event:?}")).collect()),
        ("a mail", mails.iter().map(|mail| format!("{mail:?}")).collect()),
        ("a denial", world.cloud().services().denied().iter().map(|denied| format!("{denied:?}")).collect()),
        ("the wire log", world.foreign_touches()),
    ];
    for (place, texts) in everywhere {
        for text in texts {
            assert!(!shown(&text), "{place} shows a credential: {text}");
        }
    }
    eventually("the backend works on", || (tenant.admin.get("/me").send().status == 200).then_some(()));
}
