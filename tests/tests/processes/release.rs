//! A function of the release profile, which `make release-test` builds: nothing that is sent to it ends its process.

use cloud::Backend;
use cloud::invoke::InvokeError;
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::binaries::link_functions;
use tests::raw_bytes::{HOSTS, QUERIES, SEGMENTS, get_all, targets};
use tests::{World, workspace};

use super::{FUNCTION, authorized, event, invoke, stats};

/// The name of the function's binary.
const BINARY: &str = "get_product";
/// A gateway takes less than this in all headers together.
const LONG: usize = 1 << 20;

#[test]
#[ignore = "needs a binary of the release profile: make release-test"]
fn nothing_that_is_sent_ends_a_process_of_the_release_profile() {
    let (_folder, world) = world_of_release();
    let tenant = world.tenant("acme");
    let product = tenant.admin.create_product("Desk lamp", 1250);
    let (path, id) = (format!("/products/{}", client::id(&product)), client::id(&product));

    let mut all = vec![path.clone().into_bytes()];
    all.extend(targets(&format!("{path}?"), &QUERIES));
    all.extend(targets("/products/", &SEGMENTS));
    get_all(&world.cloud().url(), &tenant.token, &all, |target, status| {
        assert!(target != path.as_bytes() || status == 200, "{status}");
    });

    let authorized = authorized(&world, &tenant);
    let good = event(&authorized, id);
    for (pointer, value) in taken() {
        let answer = invoke(&world, &with(&good, pointer, &value));
        let status = answer.as_ref().ok().and_then(|answer| answer["statusCode"].as_u64());
        assert!(
            status.is_some_and(|status| status < 500),
            "{pointer}, {:.100}: {answer:?}",
            value.to_string()
        );
    }
    for text in refused(&good) {
        let answer = world.block_on(world.cloud().invoke_with_text(FUNCTION, text.clone()));
        assert!(matches!(answer, Err(InvokeError::Function(_))), "{text:.200}: {answer:?}");
    }

    assert_eq!(invoke(&world, &good).unwrap()["statusCode"], 200);
    assert_eq!((stats(&world).cold_starts, stats(&world).processes), (1, 1), "a process has ended");
}

/// A cloud that runs the function in the release profile, and all others in this build's.
fn world_of_release() -> (TempDir, World) {
    let built = workspace::binaries().with_file_name("release").join(BINARY);
    assert!(built.is_file(), "{} is missing: make release-test", built.display());
    let folder = tempfile::tempdir().unwrap();
    link_functions(folder.path(), |name| (name == BINARY).then(|| built.display().to_string()));
    let directory = folder.path().to_owned();
    (folder, World::start_with(|options| options.backend = Backend::Binaries { directory }))
}

/// Where an event may hold what, whoever sends it. The function answers.
fn taken() -> Vec<(&'static str, Value)> {
    let texts = HOSTS.map(|host| json!(String::from_utf8_lossy(host)));
    let hosts = texts.clone().map(|text| ("/headers/host", text));
    let notes = texts.clone().map(|text| ("/headers/x-tenant-id", text));
    let others = [
        ("/headers/if-none-match", json!("\u{2615}".repeat(LONG / 3))),
        ("/headers/x-note", json!("a".repeat(LONG))),
        ("/rawQueryString", json!("a=%".repeat(LONG / 3))),
        ("/rawQueryString", json!("\0\u{1}\u{7f}\u{ffff}&=&==;[::#?")),
        ("/rawPath", json!("\0//[::")),
        ("/pathParameters/id", json!("\0")),
        ("/pathParameters/id", json!("\u{1b}[2J\u{202e}")),
        ("/pathParameters/id", json!("a".repeat(LONG))),
        ("/requestContext/requestId", json!("\0\"\n")),
        ("/body", json!("\0".repeat(LONG / 2))),
    ];
    hosts.into_iter().chain(notes).chain(others).collect()
}

/// What no gateway sends, since HTTP or JSON does not allow it. The invocation fails, and no more than that.
fn refused(good: &Value) -> Vec<String> {
    let headers =
        ["a\0", "a\r\nb", "\u{7f}", "\u{1}"].map(|value| with(good, "/headers/x-note", &json!(value)));
    let names = ["", "x note", "\u{2615}", "a\0"].map(|name| with(good, "/headers", &json!({ name: "a" })));
    let types = ["/headers", "/pathParameters", "/requestContext", "/rawQueryString", "/body"]
        .map(|pointer| with(good, pointer, &json!([7])));
    let bodies = [with(&with(good, "/body", &json!("%")), "/isBase64Encoded", &json!(true))];
    let events = headers.into_iter().chain(names).chain(types).chain(bodies).map(|event| event.to_string());
    let surrogates = ["\"localhost\"", "\"rawQueryString\":\"\""].map(|place| {
        let (name, _) = place.rsplit_once('"').unwrap();
        good.to_string().replacen(place, &format!("{name}\\ud800\""), 1)
    });
    let documents = ["", "null", "[]", "{}", "{", "\u{feff}{}"].map(str::to_owned);
    let deep = "[".repeat(LONG);
    let nested = [format!(r#"{{"requestContext":{{"authorizer":{{"lambda":{{"a":{deep}"#), deep];
    events.chain(surrogates).chain(documents).chain(nested).collect()
}

/// The event with this value at this JSON pointer, replaced or added.
fn with(event: &Value, pointer: &str, value: &Value) -> Value {
    let mut event = event.clone();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    event.pointer_mut(parent).unwrap()[name] = value.clone();
    event
}
