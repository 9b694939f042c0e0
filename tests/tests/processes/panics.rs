//! A panic of a handler fails its request alone, and tells nothing of the request.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use cloud::Backend;
use cloud::invoke::InvokeError;
use platform::http::{Call, NoBody, Problem, Reply, Route, TenantMember, serve};
use tests::World;
use tests::binaries::link_functions;

use super::{authorized, event, invoke, stats};

const MESSAGE: &str = "the shelf is empty";

#[test]
fn a_panic_fails_its_request_alone_and_tells_nothing_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("output");
    link_functions(folder.path(), |_| None);
    replace_with_this_test(&folder.path().join("get_product"), &output);
    let directory = folder.path().to_owned();
    let world = World::start_with(|options| options.backend = Backend::Binaries { directory });
    let authorized = authorized(&world, &world.tenant("acme"));
    let keys = ["accessKeyId", "secretAccessKey", "sessionToken"];
    let secrets = keys.map(|key| authorized[key].as_str().unwrap());
    for _ in 0..3 {
        let Err(InvokeError::Function(failure)) = invoke(&world, &event(&authorized, "1")) else {
            panic!("it did not fail")
        };
        assert!(
            failure.contains(MESSAGE) && !secrets.iter().any(|secret| failure.contains(secret)),
            "{failure}"
        );
    }
    assert_eq!((stats(&world).errors, stats(&world).cold_starts), (3, 1));
    let output = std::fs::read_to_string(output).unwrap();
    assert!(output.matches(MESSAGE).count() >= 3, "{output}");
    assert!(!secrets.iter().any(|secret| output.contains(secret)), "{output}");
}

/// Lets this test binary, with the function below, run as the function.
fn replace_with_this_test(function: &Path, output: &Path) {
    let test = std::env::current_exe().unwrap();
    let arguments = "--exact processes::panics::serve_with_panics --ignored --nocapture";
    let script = format!("#!/bin/sh\nexec '{}' {arguments} >'{}' 2>&1\n", test.display(), output.display());
    std::fs::remove_file(function).unwrap();
    std::fs::write(function, script).unwrap();
    std::fs::set_permissions(function, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// Not a test: the function that the test above calls.
#[test]
#[ignore = "runs as a function"]
fn serve_with_panics() {
    serve(Route::get("/products/{id}", TenantMember::ANY), fail);
}

async fn fail(_: Call<BTreeMap<String, String>, NoBody>) -> Result<Reply<()>, Problem> {
    panic!("{MESSAGE}")
}
