//! From the start of a process to its first answer, beside a hello-world in Rust and the same work in Node.js.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::lambda::{AUTHORIZER_IN_NODE, Bed, GET_PRODUCT_IN_NODE, Instance, Program, Quota, share};
use crate::plot;
use crate::report::{Plot, Report, Table};
use crate::samples::{Samples, milliseconds};
use crate::settings::Settings;

/// A function of Terrace, and the rival in Node.js that does the same.
struct Contestant {
    program: Program,
    event: fn(&Bed) -> Value,
    /// The name of the program that it is compared with.
    rival: Option<&'static str>,
}

#[derive(Default)]
struct Measured {
    took: Samples,
    init: Samples,
    cpu: Samples,
    resident: Samples,
}

const MEMORIES: [u32; 2] = [128, 1769];

pub(crate) fn measure(settings: &Settings) -> Report {
    let bed = Bed::open(settings);
    let contestants = contestants(&bed);
    let whole = rounds(&bed, &contestants, None, settings.rounds(60, 10));
    let mut tables = vec![table(&contestants, &whole)];
    for megabytes in MEMORIES {
        tables.push(at_memory(&bed, &contestants, &whole, megabytes, settings.rounds(10, 2)));
    }
    let bars: Vec<_> = contestants
        .iter()
        .map(|Contestant { program, .. }| (program.name.clone(), whole[&program.name].took.median()))
        .collect();
    let title = "From the start of a process to its first answer";
    let plot = Plot { file: "cold.svg", title, svg: plot::bars(title, "ms", &bars) };
    let method = format!("{METHOD} {}", bed.about_rivals());
    Report { title: "Cold starts", method, tables, plots: vec![plot], ..Report::default() }
}

const METHOD: &str = "A process is started with its first event waiting at a Runtime API; its first answer ends the \
    measurement. All calls go over TLS to one local DynamoDB, STS and KMS; credentials of the tenant come in the event. \
    Programs alternate in every round. Medians, with quartiles in brackets; CPU is that of all threads until the process \
    waits for its second event. `hello` is the least that a function in Rust does, and calls nothing.";

fn contestants(bed: &Bed) -> Vec<Contestant> {
    let one = |program, event, rival| Contestant { program, event, rival };
    let authorizer = bed.terrace("authorize_read").authorizing();
    let mut contestants = vec![
        one(bed.limit("hello"), Bed::get_product, None),
        one(bed.terrace("get_product"), Bed::get_product, Some(GET_PRODUCT_IN_NODE)),
        one(bed.terrace("confirm_order"), Bed::confirm_order, None),
        one(bed.terrace("get_dashboard"), Bed::get_dashboard, None),
        one(bed.terrace("log_in"), Bed::log_in, None),
        one(authorizer, Bed::authorization, Some(AUTHORIZER_IN_NODE)),
    ];
    if let Some([get_product, authorizer]) = bed.rivals() {
        contestants.push(one(get_product, Bed::get_product, None));
        contestants.push(one(authorizer, Bed::authorization, None));
    }
    contestants
}

fn rounds(
    bed: &Bed,
    contestants: &[Contestant],
    quota: Option<Quota>,
    rounds: usize,
) -> BTreeMap<String, Measured> {
    let mut all = BTreeMap::<String, Measured>::new();
    for _ in 0..rounds {
        for contestant in contestants {
            let (_instance, cold) = Instance::start(&contestant.program, quota, &(contestant.event)(bed));
            let measured = all.entry(contestant.program.name.clone()).or_default();
            measured.took.add(milliseconds(cold.took));
            measured.init.add(milliseconds(cold.init));
            measured.cpu.add(milliseconds(cold.cpu));
            measured.resident.add(cold.resident);
        }
    }
    all
}

fn table(contestants: &[Contestant], all: &BTreeMap<String, Measured>) -> Table {
    let hello = all["hello"].took.median();
    let mut table = Table::new(
        "Without a limit",
        ["", "× hello", "rival ÷ this", "answer ms", "init ms", "CPU ms", "RSS MiB"],
    );
    for Contestant { program, rival, .. } in contestants {
        let measured = &all[&program.name];
        let took = measured.took.median();
        let faster =
            rival.and_then(|rival| all.get(rival)).map(|rival| format!("{:.1}", rival.took.median() / took));
        table.row([
            program.name.clone(),
            format!("{:.2}", took / hello),
            faster.unwrap_or_default(),
            measured.took.shown(2),
            measured.init.shown(2),
            measured.cpu.shown(2),
            format!("{:.1}", measured.resident.median()),
        ]);
    }
    table
}

/// By a quota where one can be set; else the time without a limit, and what the CPU time takes longer, which assumes that
/// one thread works at a time.
fn at_memory(
    bed: &Bed,
    contestants: &[Contestant],
    whole: &BTreeMap<String, Measured>,
    megabytes: u32,
    times: usize,
) -> Table {
    let quota = Quota::of_memory(megabytes);
    let how = if quota.is_some() {
        "by a CPU quota"
    } else {
        "computed from the CPU time, as if one thread worked at a time"
    };
    let limited = match quota {
        Some(quota) => rounds(bed, contestants, Some(quota), times)
            .into_iter()
            .map(|(name, measured)| (name, measured.took.median()))
            .collect(),
        None => whole
            .iter()
            .map(|(name, Measured { took, cpu, .. })| {
                (name.clone(), took.median() + cpu.median() * (1.0 / share(megabytes) - 1.0))
            })
            .collect::<BTreeMap<_, _>>(),
    };
    let caption = format!("At {megabytes} MB, {:.3} of a core, {how}", share(megabytes));
    let mut table = Table::new(caption, ["", "× hello", "rival ÷ this", "answer ms"]);
    for Contestant { program, rival, .. } in contestants {
        let took = limited[&program.name];
        let faster = rival.and_then(|rival| limited.get(rival)).map(|rival| format!("{:.1}", rival / took));
        table.row([
            program.name.clone(),
            format!("{:.2}", took / limited["hello"]),
            faster.unwrap_or_default(),
            format!("{took:.1}"),
        ]);
    }
    table
}
