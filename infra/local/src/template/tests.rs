use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use super::*;

fn parameters() -> BTreeMap<String, String> {
    BTreeMap::from([("OperatorKeySha256".to_owned(), "0".repeat(64)), ("MailSender".to_owned(), "mail@example.com".to_owned())])
}

fn real() -> Stack {
    load(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../template.yaml")), "terrace", &parameters()).unwrap_or_else(|refusals| panic!("{refusals}"))
}

#[test]
fn the_real_template_loads() {
    let stack = real();
    eprintln!("{stack:#?}");
}
