//! The dependencies between modules of `platform` and of the contexts, as their sources name each other.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use tests::workspace;

use crate::sources::{read, sources};

/// The modules of `platform` in layers, lowest first. A module uses modules of its own layer and of lower layers only.
const LAYERS: [&[&str]; 12] = [
    &[
        "aws",
        "config",
        "describe",
        "hex",
        "json",
        "metering",
        "runtime",
        "schedule",
        "slow_hash",
        "telemetry",
    ],
    &["tenancy"],
    &["limits"],
    &["table"],
    &["plugins"],
    &["usage"],
    &["events"],
    &["http"],
    &["mail"],
    &["accounts"],
    &["health"],
    &["testing"],
];

/// How a tenant may be verified. Each source has one constructor, which is called in one place.
const SOURCES_OF_TENANTS: [&str; 7] = [
    "from_authorizer",
    "from_claims",
    "from_ledger",
    "from_operator",
    "from_own_event",
    "from_registry",
    "onboarding",
];

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|modules| modules.contains(&module))
}

/// The Rust files below this folder, without code that is compiled for tests only.
fn product(folder: &str) -> Vec<(PathBuf, String)> {
    let folder = workspace::root().join(folder);
    let is_of_tests = |file: &Path| file.iter().any(|part| part == "tests" || part == "tests.rs");
    let files = sources().into_iter().filter(|file| {
        file.starts_with(&folder)
            && file.extension().is_some_and(|kind| kind == "rs")
            && !is_of_tests(file.strip_prefix(&folder).unwrap())
    });
    let code = |file: PathBuf| {
        let text = read(&file);
        let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        (file, code.join("\n"))
    };
    files.map(code).collect()
}

/// The identifiers that follow `prefix` in the text.
fn names_after<'a>(text: &'a str, prefix: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(prefix).skip(1).map(|rest| {
        let end = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
        &rest[..end.unwrap_or(rest.len())]
    })
}

#[test]
fn modules_of_platform_use_those_below_them_alone() {
    let root = workspace::root().join("shared/platform/src");
    let mut wrong = Vec::new();
    for (file, code) in product("shared/platform/src") {
        let below = file.strip_prefix(&root).unwrap();
        let module = below.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs");
        if module == "lib" {
            continue;
        }
        let own = layer(module).unwrap_or_else(|| panic!("{module} is in no layer"));
        assert!(!code.contains("crate::{"), "{}: one line for each module", below.display());
        let used: BTreeSet<&str> = names_after(&code, "crate::").collect();
        let above = used.into_iter().filter(|other| layer(other).is_some_and(|layer| layer > own));
        wrong.extend(above.map(|other| format!("{} uses {other}", below.display())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_tenant_is_verified_in_seven_ways_and_each_stands_in_one_place() {
    let all = product("shared/platform/src");
    let (_, tenancy) = all.iter().find(|(file, _)| file.ends_with("src/tenancy.rs")).unwrap();
    let constructors = tenancy.lines().filter(|line| line.contains("(id: TenantId) -> Self"));
    let declared: BTreeSet<&str> = constructors.flat_map(|line| names_after(line, "fn ")).collect();
    let expected = SOURCES_OF_TENANTS.into_iter().chain(["for_tests"]).collect();
    assert_eq!(declared, expected, "tenancy.rs on the left");
    for source in SOURCES_OF_TENANTS {
        let call = format!("Tenant::{source}(");
        let calls: usize = all.iter().map(|(_, code)| code.matches(&call).count()).sum();
        assert_eq!(calls, 1, "{call}");
    }
}

/// A context cannot reach other items otherwise: `platform` builds all keys, and stores are private to their libraries.
#[test]
fn a_context_names_its_own_namespaces_alone() {
    let mut wrong = Vec::new();
    for (file, code) in product("functions") {
        let below = file.strip_prefix(workspace::root().join("functions")).unwrap();
        let context = below.iter().next().unwrap().to_str().unwrap();
        let foreign = names_after(&code, "namespace::").filter(|named| *named != context);
        wrong.extend(foreign.map(|named| format!("{} names the namespace of {named}", below.display())));
        // Ways around the names above; the walk belongs to operators.
        for spelled in
            ["T#", "namespace::{", "namespace as", "namespace;", "table::*", "pub mod store", ".walk("]
        {
            if code.contains(spelled) {
                wrong.push(format!("{} spells {spelled:?}", below.display()));
            }
        }
        // Anywhere else than in a constant, a reserved name would be a panic and not an error of the compiler.
        let inline = |line: &&str| line.contains("Attribute::new(") && !line.contains("const ");
        wrong.extend(code.lines().filter(inline).map(|line| format!("{}: {line}", below.display())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Calls of other clients would be for nothing, as far as the tenant's usage tells.
#[test]
fn clients_of_dynamodb_are_made_where_their_calls_are_metered() {
    let all = product("shared/platform/src");
    let makes = |code: &str| {
        let dynamodb = code.contains("aws_sdk_dynamodb");
        let named = code.contains("aws_sdk_dynamodb::Client::");
        named || dynamodb && ["Client::new(", "Client::from_conf("].iter().any(|call| code.contains(call))
    };
    let files: Vec<&Path> =
        all.iter().filter(|(_, code)| makes(code)).map(|(file, _)| file.as_path()).collect();
    assert_eq!(files, [workspace::root().join("shared/platform/src/aws/dynamodb.rs")]);
}

/// What opens a socket elsewhere would answer to any name that resolves to 127.0.0.1.
#[test]
fn the_local_cloud_listens_in_one_place() {
    let opens = |code: &str| code.contains("TcpListener") || code.contains("axum::serve(");
    let all = product("infra/cloud");
    let files: Vec<&Path> =
        all.iter().filter(|(_, code)| opens(code)).map(|(file, _)| file.as_path()).collect();
    assert_eq!(files, [workspace::root().join("infra/cloud/src/listener.rs")]);
}
