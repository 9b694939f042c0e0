//! What one invocation costs in a process that has answered before.

use std::time::Duration;

use serde_json::Value;

use crate::lambda::{AUTHORIZER_IN_NODE, Bed, GET_PRODUCT_IN_NODE, Instance, Program};
use crate::process;
use crate::report::{Report, Table, with_commas};
use crate::samples::Samples;
use crate::settings::Settings;

struct Runner {
    name: String,
    event: Value,
    /// The name of the program that it is compared with.
    rival: Option<&'static str>,
    instance: Instance,
    /// Microseconds an invocation, a value for each block.
    cpu: Samples,
    /// Microseconds, of each invocation.
    took: Samples,
}

pub(crate) fn measure(settings: &Settings) -> Report {
    let bed = Bed::open(settings);
    let (blocks, length) = (settings.rounds(40, 8), settings.rounds(250, 125));
    // Caches and pools fill, and Node.js compiles what runs often.
    let warming = settings.rounds(8, 4);
    let authorizer = bed.terrace("authorize_read").authorizing();
    let mut runners: Vec<Runner> = vec![
        Runner::start(&bed.limit("hello"), bed.get_product(), None),
        Runner::start(&bed.limit("bare_get_item"), bed.get_product(), None),
        Runner::start(&bed.terrace("get_product"), bed.get_product(), Some(GET_PRODUCT_IN_NODE)),
        Runner::start(&bed.terrace("get_dashboard"), bed.get_dashboard(), None),
        Runner::start(&authorizer, bed.authorization(), Some(AUTHORIZER_IN_NODE)),
    ];
    if let Some([get_product, authorizer]) = bed.rivals() {
        runners.push(Runner::start(&get_product, bed.get_product(), None));
        runners.push(Runner::start(&authorizer, bed.authorization(), None));
    }
    for block in 0..warming + blocks {
        for runner in &mut runners {
            let (cpu, took) = runner.run(length);
            if block >= warming {
                runner.cpu.add(cpu);
                runner.took.extend(took);
            }
        }
    }
    Report {
        title: "Warm invocations",
        method: format!(
            "{METHOD} The first {} invocations of each are not measured. {}",
            with_commas(warming * length),
            bed.about_rivals()
        ),
        tables: vec![table(&runners, blocks * length)],
        ..Report::default()
    }
}

const METHOD: &str = "One process each answers the same event again and again, over one TLS connection to a local \
    DynamoDB; programs alternate in blocks. `bare_get_item` makes the call of the AWS SDK that `get_product` makes, with \
    the same settings of the SDK and the same loop of Lambda's runtime, and reads the item's key and the credentials \
    alone of the event; `hello` reads nothing and calls nothing. CPU is the process's own, of all threads; its median over the blocks, with quartiles in brackets. \
    Invocations a second and core are those that this CPU time allows. Latency ends at the Runtime API, and contains the \
    local DynamoDB.";

impl Runner {
    fn start(program: &Program, event: Value, rival: Option<&'static str>) -> Runner {
        let (instance, _) = Instance::start(program, None, &event);
        Runner {
            name: program.name.clone(),
            event,
            rival,
            instance,
            cpu: Samples::default(),
            took: Samples::default(),
        }
    }

    /// The CPU time of an invocation, and how long each took.
    fn run(&self, length: usize) -> (f64, Vec<f64>) {
        let before = process::cpu(self.instance.pid());
        let microseconds = |took: Duration| took.as_secs_f64() * 1e6;
        let took = (0..length).map(|_| microseconds(self.instance.invoke(&self.event))).collect();
        let used = process::cpu(self.instance.pid()) - before;
        (microseconds(used) / length as f64, took)
    }
}

fn table(runners: &[Runner], invocations: usize) -> Table {
    let cpu = |name: &str| {
        let runner = runners.iter().find(|runner| runner.name == name)?;
        Some(runner.cpu.median())
    };
    let bare = cpu("bare_get_item").expect("it was measured");
    let mut table = Table::new(
        format!("{} invocations each", with_commas(invocations)),
        [
            "",
            "× bare",
            "rival ÷ this",
            "CPU µs",
            "above bare",
            "a second and core",
            "p50 µs",
            "p99 µs",
            "RSS MiB",
        ],
    );
    for Runner { name, rival, instance, cpu: own, took, .. } in runners {
        let median = own.median();
        table.row([
            name.clone(),
            format!("{:.2}", median / bare),
            rival.and_then(cpu).map(|rival| format!("{:.1}", rival / median)).unwrap_or_default(),
            own.shown(0),
            format!("{:.0}", median - bare),
            format!("{:.0}", 1e6 / median),
            format!("{:.0}", took.median()),
            format!("{:.0}", took.percentile(99.0)),
            format!("{:.1}", process::resident(instance.pid())),
        ]);
    }
    table
}
