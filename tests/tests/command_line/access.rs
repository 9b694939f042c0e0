//! Whose requests they are, and what it says when they are nobody's.

use std::net::TcpListener;

use tests::terrace::{Desk, command, ran};

const ONBOARD: &str =
    "tenants onboard --name Acme --slug acme --tier free --admin-name Ada --admin-email ada@acme.example";

#[test]
fn who_may_read_alone_is_told_so() {
    let desk = Desk::start();
    let refused = desk.run_as("operator-read", ONBOARD, "a password of the tests\n");
    refused.fails(1, &["403 Forbidden", "no policy allows this command", "OperatorPolicy allows all"]);
    assert_eq!(refused.out, "");
    let refused = desk.run_as("operator-read", &format!("{ONBOARD} --json"), "a password of the tests\n");
    assert_eq!(refused.out.trim(), r#"{"message":"Forbidden"}"#, "{refused:?}");
}

#[test]
fn without_an_address_it_says_where_to_find_it() {
    let mut without = command();
    without.args(["tenants", "list"]);
    ran(without, "").fails(2, &["OperatorsApiUrl", "--url"]);
    let mut open = command();
    open.args(["--url", "http://operators.example", "tenants", "list"]);
    ran(open, "").fails(2, &["not encrypted"]);
}

#[test]
fn without_credentials_or_a_connection_it_says_so() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("http://{closed}");
    let mut nobody = command();
    nobody.args(["--url", &url, "--region", "eu-west-1", "tenants", "list"]);
    ran(nobody, "").fails(3, &["No AWS credentials"]);

    let mut alone = command();
    alone.args(["--url", &url, "tenants", "list"]);
    alone.envs([
        ("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_REGION", "eu-west-1"),
    ]);
    ran(alone, "").fails(3, &["No answer arrived"]);
}

/// As for the AWS CLI: keys in the environment count more than a profile there, and less than a profile on the line.
#[test]
fn credentials_are_found_where_the_aws_cli_finds_them() {
    let desk = Desk::start();
    let tenant = desk.world.onboard("acme");
    let show = ["tenants", "show", tenant["id"].as_str().unwrap()];
    let mut by_profile = desk.command(&show);
    by_profile.env("AWS_PROFILE", "operator");
    assert!(ran(by_profile, "").done().contains("acme"));

    let stray = [("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE"), ("AWS_SECRET_ACCESS_KEY", "secret")];
    let mut by_keys = desk.command(&show);
    by_keys.env("AWS_PROFILE", "operator").envs(stray);
    ran(by_keys, "").fails(1, &["403 Forbidden", "AKIAEXAMPLE"]);

    let mut by_line = desk.command(&show);
    by_line.args(["--profile", "operator"]).envs(stray);
    assert!(ran(by_line, "").done().contains("acme"));
}

#[test]
fn what_is_no_command_is_refused_with_the_usage() {
    let mut wrong = command();
    wrong.args(["tenants", "delete", "acme"]);
    ran(wrong, "").fails(2, &["Usage: terrace tenants"]);
    let mut help = command();
    help.arg("--help");
    assert!(ran(help, "").done().contains("Exit codes:"));
}
