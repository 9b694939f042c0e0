use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const GROUP: &str = "functions";

fn sent(message: &[u8]) -> String {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(message).unwrap();
    STANDARD.encode(encoder.finish().unwrap())
}

fn message(kind: &str, group: &str, ids: &[&str]) -> String {
    let line = |id: &&str| json!({ "id": id, "timestamp": 1_700_000_000_000_i64, "message": "{}" });
    let events: Vec<Value> = ids.iter().map(line).collect();
    let message = json!({ "messageType": kind, "logGroup": group, "logEvents": events, "owner": "123" });
    sent(message.to_string().as_bytes())
}

#[test]
fn a_batch_is_known_by_its_lines_in_any_order() {
    let read = |ids: &[&str]| batch(&message("DATA_MESSAGE", GROUP, ids), GROUP).unwrap().unwrap();
    assert_eq!(read(&["1", "2"]), read(&["2", "1"]));
    for other in [&["1"][..], &["1", "3"], &["12"], &[]] {
        assert_ne!(read(&["1", "2"]).id, read(other).id, "{other:?}");
    }
}

#[test]
fn what_is_no_batch_of_the_group_is_dropped() {
    assert_eq!(batch(&message("CONTROL_MESSAGE", "", &[]), GROUP), Ok(None));
    for dropped in [
        message("DATA_MESSAGE", "another", &["1"]),
        message("OTHER_MESSAGE", GROUP, &["1"]),
        sent(b"{}"),
        sent(b"\xff"),
        "!".to_owned(),
        STANDARD.encode("no gzip"),
    ] {
        assert!(batch(&dropped, GROUP).is_err(), "{dropped}");
    }
}

#[test]
fn what_would_fill_the_memory_is_dropped() {
    let bomb = sent(&vec![b' '; usize::try_from(LARGEST).unwrap() + 1]);
    assert!(bomb.len() < 1024 * 1024, "a message of this size may come");
    assert!(batch(&bomb, GROUP).unwrap_err().contains("bytes"));
}

proptest! {
    #[test]
    fn nothing_that_is_sent_panics(text in ".{0,100}", bytes in prop::collection::vec(any::<u8>(), 0..100)) {
        let _ = (batch(&text, GROUP), batch(&sent(&bytes), GROUP), batch(&STANDARD.encode(&bytes), GROUP));
    }
}
