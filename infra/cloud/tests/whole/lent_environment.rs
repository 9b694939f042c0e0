//! The environment of functions that `cargo lambda watch` runs, and the secret that it costs.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use cloud::{Backend, Cloud, Options, StartError, Storage, lent_environment};

use super::*;
use crate::library::options;

fn with_secret_in(file: &Path) -> Options {
    let (url, secret_file) = ("http://127.0.0.1:9".to_owned(), file.to_owned());
    Options { backend: Backend::CargoLambda { url, secret_file }, ..options(Path::new(".")) }
}

fn mode(file: &Path) -> u32 {
    file.metadata().unwrap().permissions().mode() & 0o777
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_somebody_else_starts_gets_its_function_s_environment() {
    let root = tempfile::tempdir().unwrap();
    let secret = root.path().join("data/lending-secret");
    let cloud = Cloud::start(with_secret_in(&secret)).await.unwrap();
    let environment = lent_environment(&cloud.services_url(), &secret, "get_me").await.unwrap();
    let function = cloud.stack().functions.iter().find(|function| function.binary == "get_me").unwrap();
    assert!(function.environment.iter().all(|(name, value)| environment.get(name) == Some(value)));
    assert_eq!(environment["AWS_ENDPOINT_URL_DYNAMODB"], cloud.services_url());
    assert!(!environment["AWS_ACCESS_KEY_ID"].is_empty());
    let unknown = lent_environment(&cloud.services_url(), &secret, "get_you").await.unwrap_err();
    assert_eq!(unknown.to_string(), "the template has no function with the binary get_you");
    cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_secret_nobody_gets_an_environment() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("lending-secret");
    let cloud = Cloud::start(with_secret_in(&file)).await.unwrap();
    let secret = std::fs::read_to_string(&file).unwrap();
    let zeros = "0".repeat(64);
    let wrong: [&[(&str, &str)]; 5] = [
        &[],
        &[("x-lending-secret", "")],
        &[("x-lending-secret", &zeros)],
        &[("x-lending-secret", &secret[..63])],
        &[("authorization", &secret)],
    ];
    // Whether there is such a function is told to nobody either.
    for binary in ["get_me", "get_you"] {
        let url = format!("{}/functions/{binary}/environment", cloud.services_url());
        for headers in wrong {
            let (status, body) = get(&url, headers).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{headers:?}");
            assert!(body.contains("TERRACE_SECRET_FILE") && !body.contains(&secret), "{body}");
        }
    }
    let other = root.path().join("other");
    std::fs::write(&other, zeros).unwrap();
    let refused = lent_environment(&cloud.services_url(), &other, "get_me").await.unwrap_err().to_string();
    assert!(refused.contains("has another secret than the one in"), "{refused}");
    let absent = lent_environment(&cloud.services_url(), &root.path().join("no"), "get_me").await;
    assert!(absent.unwrap_err().to_string().contains("TERRACE_SECRET_FILE must name"));
    cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_start_writes_a_secret_of_its_own_for_its_owner_alone() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("lending-secret");
    std::fs::write(&file, "anybody's").unwrap();
    std::fs::write(root.path().join("lending-secret.new"), "of a cloud that was killed").unwrap();
    let mut secrets = Vec::new();
    for _ in 0..2 {
        Cloud::start(with_secret_in(&file)).await.unwrap().stop().await;
        assert_eq!(mode(&file), 0o600);
        secrets.push(std::fs::read_to_string(&file).unwrap());
    }
    let is_secret = |text: &String| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    assert!(secrets.iter().all(is_secret), "{secrets:?}");
    assert_ne!(secrets[0], secrets[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cloud_that_does_not_start_leaves_the_secret_of_the_running_one() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("lending-secret");
    let options = || Options { storage: Storage::Directory(root.path().into()), ..with_secret_in(&file) };
    let running = Cloud::start(options()).await.unwrap();
    assert!(matches!(Cloud::start(options()).await, Err(StartError::Services(_))));
    lent_environment(&running.services_url(), &file, "get_me").await.unwrap();
    running.stop().await;
}
