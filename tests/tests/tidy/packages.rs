//! The dependencies between crates, and the binaries that they build.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, NodeDep, Package, PackageId};
use tests::{binaries, workspace};

/// Filters by this machine's platform: otherwise, cargo needs the packages of all platforms, but a build has fetched
/// only those of its own.
pub(crate) fn metadata() -> Metadata {
    let options = ["--offline", "--locked", "--filter-platform", &host()].map(str::to_owned);
    MetadataCommand::new()
        .manifest_path(workspace::root().join("Cargo.toml"))
        .other_options(options)
        .exec()
        .unwrap()
}

fn host() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = std::process::Command::new(rustc).arg("-vV").output().unwrap();
    let version = String::from_utf8(output.stdout).unwrap();
    version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap().to_owned()
}

fn is_function(package: &Package) -> bool {
    package.manifest_path.starts_with(workspace::root().join("functions"))
}

/// The names of a package's dependencies, except its dev-dependencies.
fn dependencies(package: &Package) -> BTreeSet<&str> {
    package
        .dependencies
        .iter()
        .filter(|other| other.kind != DependencyKind::Development)
        .map(|other| other.name.as_str())
        .collect()
}

fn speaks_to_aws(name: &str) -> bool {
    name.starts_with("aws-") || name.starts_with("aws_") || name.starts_with("lambda_")
}

/// Excludes dependencies for WebAssembly, where the clock depends on asynchronous packages.
fn is_built_in(other: &NodeDep) -> bool {
    other.dep_kinds.iter().any(|used| {
        let for_browsers = used.target.as_ref().is_some_and(|target| target.to_string().contains("wasm"));
        used.kind == DependencyKind::Normal && !for_browsers
    })
}

/// The transitive dependencies of a package.
fn closure<'a>(metadata: &'a Metadata, package: &Package) -> BTreeSet<&'a str> {
    let nodes: BTreeMap<&PackageId, _> =
        metadata.resolve.as_ref().unwrap().nodes.iter().map(|node| (&node.id, node)).collect();
    let mut seen = BTreeSet::new();
    let mut open = vec![&package.id];
    while let Some(id) = open.pop() {
        let built_from = nodes[id].deps.iter().filter(|other| is_built_in(other));
        open.extend(built_from.map(|other| &other.pkg).filter(|id| seen.insert(*id)));
    }
    seen.into_iter().map(|id| metadata[id].name.as_str()).collect()
}

#[test]
fn each_layer_depends_on_those_below_it_alone() {
    let metadata = metadata();
    let members: BTreeSet<&str> =
        metadata.workspace_packages().iter().map(|package| package.name.as_str()).collect();
    for package in metadata.workspace_packages() {
        let allowed: &[&str] = match package.name.as_str() {
            "domain" | "client" | "iam" | "limits" => &[],
            "cloud" => &["iam"],
            "platform" => &["domain"],
            "contract" => &["cloud"],
            "operator" | "seed" => &["client"],
            "tests" => &["client", "cloud", "contract", "seed"],
            "contract_fuzz" => &["client", "cloud", "contract", "tests"],
            "bench" => &["client", "contract", "tests"],
            "older_version" => &[
                "audit",
                "comments",
                "content",
                "domain",
                "identity",
                "notifications",
                "operators",
                "orders",
                "platform",
                "plugins",
                "tests",
            ],
            "store_world" => &["cloud"],
            // Contexts that call other contexts. All other contexts are independent.
            "orders" => &["catalog", "domain", "platform"],
            "comments" => &["content", "domain", "notifications", "platform"],
            "plugins" => &["comments", "domain", "platform"],
            "operators" => &["audit", "domain", "platform", "usage"],
            "dashboard" => &["domain", "notifications", "orders", "platform"],
            _ if is_function(package) => &["domain", "platform"],
            other => panic!("{other} is in no layer"),
        };
        let used: BTreeSet<&str> = dependencies(package).intersection(&members).copied().collect();
        let allowed = allowed.iter().copied().collect();
        assert!(used.is_subset(&allowed), "{} depends on {used:?} and may on {allowed:?}", package.name);
    }
}

/// A binary that is built with the feature `testing` could forge a tenant.
#[test]
fn tests_alone_may_open_platform_s_door_for_tests() {
    for package in metadata().workspace_packages() {
        let built = package.dependencies.iter().filter(|other| other.kind != DependencyKind::Development);
        let opened = built.filter(|other| other.features.iter().any(|feature| feature == "testing"));
        assert_eq!(opened.count(), 0, "{} is built with the feature testing", package.name);
        // Cargo builds a package's binaries for its integration tests, with the features of the tests.
        let has_tests = package.targets.iter().any(cargo_metadata::Target::is_test);
        assert!(!(is_function(package) && has_tests), "{} has tests outside of its library", package.name);
    }
}

/// Cargo unites features: a package that is built with the workspace and asks for this one would make every function
/// an older version of itself.
#[test]
fn the_older_version_is_built_on_request_alone() {
    for package in metadata().workspace_packages() {
        let asks = |feature: &str| feature.ends_with("older");
        let depends = package.dependencies.iter().any(|other| other.features.iter().any(|name| asks(name)));
        let turns_on = package.features.iter().filter(|(_, others)| others.iter().any(|name| asks(name)));
        let names: Vec<&str> = turns_on.map(|(name, _)| name.as_str()).collect();
        let allowed: &[&str] = if package.name == "older_version" { &["build"] } else { &[] };
        assert!(!depends && names == allowed, "{} is built as an older version: {names:?}", package.name);
        assert!(package.name != "older_version" || !package.features.contains_key("default"));
    }
}

#[test]
fn platform_alone_speaks_to_aws() {
    for package in metadata().workspace_packages() {
        let sdk: Vec<&str> = dependencies(package).into_iter().filter(|name| speaks_to_aws(name)).collect();
        // The bare call of the SDK is what functions are measured by.
        let may = match package.name.as_str() {
            "platform" | "limits" => true,
            // It signs requests of operators, and calls no service.
            "client" => sdk == ["aws-credential-types", "aws-sigv4"],
            // It finds credentials where the AWS CLI does, which may ask STS, SSO and instance metadata.
            "operator" => sdk == ["aws-config", "aws-credential-types", "aws-smithy-http-client"],
            _ => sdk.is_empty(),
        };
        assert!(may, "{} depends on {sdk:?}", package.name);
    }
}

#[test]
fn the_domain_is_pure() {
    let metadata = metadata();
    let domain = metadata.workspace_packages().into_iter().find(|package| package.name == "domain").unwrap();
    let impure = |name: &&str| {
        speaks_to_aws(name)
            || name.starts_with("tokio")
            || name.starts_with("futures")
            || *name == "async-trait"
    };
    let found: Vec<&str> = closure(&metadata, domain).into_iter().filter(impure).collect();
    assert!(found.is_empty(), "domain is built from {found:?}");
}

#[test]
fn the_template_and_the_functions_crates_name_the_same_binaries() {
    let metadata = metadata();
    let functions = metadata.workspace_packages().into_iter().filter(|package| is_function(package));
    let built: BTreeSet<&str> = functions
        .flat_map(|package| &package.targets)
        .filter(|target| target.is_bin())
        .map(|target| target.name.as_str())
        .collect();
    let template = workspace::text_of_templates();
    let named = binaries::named_by(&template);
    let distinct: BTreeSet<&str> = named.iter().copied().collect();
    assert_eq!(named.len(), distinct.len(), "the templates name a binary twice");
    assert_eq!(
        named.len(),
        template.matches("Type: AWS::Serverless::Function").count(),
        "a function has no binary of its own"
    );
    assert_eq!(built, distinct, "the crates' binaries on the left, the template's on the right");
}

/// `make check` lints them again when one of these files changes.
#[test]
fn nested_templates_lie_in_one_folder_and_none_is_left_over() {
    let folder = workspace::root().join("infra/stacks");
    let written = std::fs::read_dir(&folder).into_iter().flatten().map(|file| file.unwrap().path());
    let nested: BTreeSet<_> = workspace::templates().into_iter().skip(1).collect();
    assert_eq!(
        nested,
        written.collect(),
        "what template.yaml nests on the left, {} on the right",
        folder.display()
    );
}

#[test]
fn names_of_binaries_are_unique() {
    let metadata = metadata();
    let targets = metadata
        .workspace_packages()
        .into_iter()
        .flat_map(|package| &package.targets)
        .filter(|target| target.is_bin());
    let mut seen = BTreeSet::new();
    for target in targets {
        assert!(seen.insert(&target.name), "two binaries are called {}", target.name);
    }
}

#[test]
fn every_crate_takes_the_workspace_s_lints() {
    for package in metadata().workspace_packages() {
        let manifest = std::fs::read_to_string(&package.manifest_path).unwrap();
        assert!(manifest.contains("[lints]\nworkspace = true"), "{}", package.manifest_path);
    }
}
