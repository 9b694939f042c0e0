//! The instructions of a warm invocation, which callgrind counts alike on every run, and the sizes of binaries, against a
//! committed baseline.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tempfile::TempDir;

use crate::lambda::{Bed, Instance, Program};
use crate::report::{Report, Table};
use crate::settings::Settings;

/// Beyond this share of the baseline, the check fails.
const TOLERANCE: f64 = 0.03;
/// Enough to fill caches and pools.
const WARMING: usize = 20;

type Event = fn(&Bed) -> Value;
const ENDPOINTS: [(&str, Event); 3] = [
    ("get_product", Bed::get_product),
    ("confirm_order", Bed::confirm_order),
    ("get_dashboard", Bed::get_dashboard),
];

#[derive(Serialize, Deserialize, Clone, Copy)]
struct Figures {
    /// Of one warm invocation.
    instructions: f64,
    /// Of the stripped binary.
    bytes: u64,
}

const TITLE: &str = "Instructions and sizes";

pub(crate) fn measure(settings: &Settings) -> Report {
    if let Err(error) = Command::new("valgrind").arg("--version").output() {
        let missing = format!("valgrind, which counts them, does not start: {error}");
        return Report {
            title: TITLE,
            method: format!("**Not measured: {missing}.**"),
            failure: Some(format!("{missing}. On Debian: apt-get install -y valgrind")),
            ..Report::default()
        };
    }
    let bed = Bed::open(settings);
    let invocations = settings.rounds(200, 100);
    let now: BTreeMap<String, Figures> = ENDPOINTS
        .map(|(binary, event)| (binary.to_owned(), figures(&bed, binary, event, invocations)))
        .into();
    if settings.sets_baseline {
        let text = serde_json::to_string_pretty(&now).expect("figures are JSON");
        fs::write(baseline(), text + "\n").expect("the baseline can be written");
    }
    let before: BTreeMap<String, Figures> =
        serde_json::from_str(&fs::read_to_string(baseline()).expect("there is a baseline"))
            .expect("it is JSON");
    let mut table = Table::new(
        "Against the baseline",
        ["", "instructions ÷ baseline", "size ÷ baseline", "instructions", "bytes"],
    );
    let mut moved = Vec::new();
    for (binary, Figures { instructions, bytes }) in &now {
        let ratios = before
            .get(binary)
            .map(|before| (instructions / before.instructions, *bytes as f64 / before.bytes as f64));
        let (counted, size) = ratios.unwrap_or((f64::INFINITY, f64::INFINITY));
        if [counted, size].iter().any(|ratio| (ratio - 1.0).abs() > TOLERANCE) {
            moved.push(format!("{binary}: {counted:.3} of the instructions, {size:.3} of the size"));
        }
        table.row([
            binary.clone(),
            format!("{counted:.3}"),
            format!("{size:.3}"),
            format!("{instructions:.0}"),
            bytes.to_string(),
        ]);
    }
    Report {
        title: TITLE,
        method: METHOD.to_owned(),
        tables: vec![table],
        failure: (!moved.is_empty()).then(|| format!(
            "These moved by more than 3 % from infra/bench/baseline.json. If it was meant, set a new baseline with `make \
             baseline`, and say why in the commit:\n{}",
            moved.join("\n")
        )),
        ..Report::default()
    }
}

const METHOD: &str = "callgrind counts the instructions of a process of the release profile that answers some events, and \
    of another that answers more; the difference is divided by the number of the additional ones. The services are reached \
    without TLS.";

fn figures(bed: &Bed, binary: &str, event: Event, invocations: usize) -> Figures {
    let program = bed.without_tls(binary);
    let bytes = fs::metadata(&program.command[0]).expect("the binary exists").len();
    let [few, many] = [WARMING, WARMING + invocations].map(|count| counted(bed, &program, event, count));
    Figures { instructions: (many - few) / invocations as f64, bytes }
}

/// The instructions of a process that answers so many events.
fn counted(bed: &Bed, program: &Program, event: Event, count: usize) -> f64 {
    let directory = TempDir::new().expect("there is room for a temporary folder");
    let profile = directory.path().join("callgrind.out");
    let mut instrumented = program.clone();
    let valgrind = [
        "valgrind".into(),
        "--tool=callgrind".into(),
        format!("--callgrind-out-file={}", profile.display()).into(),
    ];
    instrumented.command.splice(0..0, valgrind);
    let (mut instance, _) = Instance::start(&instrumented, None, &event(bed));
    for _ in 1..count {
        instance.invoke(&event(bed));
    }
    let ended = Command::new("kill").arg(instance.pid().to_string()).status().expect("there is kill");
    assert!(ended.success(), "the process of {} has ended early", program.name);
    instance.wait();
    let text = fs::read_to_string(&profile).expect("callgrind writes its profile when the process ends");
    let total =
        text.lines().find_map(|line| line.strip_prefix("totals: ").or(line.strip_prefix("summary: ")));
    total.and_then(|total| total.trim().parse().ok()).expect("a profile has a total")
}

fn baseline() -> PathBuf {
    tests::workspace::root().join("infra/bench/baseline.json")
}
