//! What one invocation costs in a process that has answered before.

use std::time::Duration;

use serde_json::Value;

use crate::lambda::{Bed, Instance, Program};
use crate::process;
use crate::report::{Report, Table};
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
    let authorizer = bed.terrace("authorize_read").authorizing();
    let mut runners: Vec<Runner> = vec![
        Runner::start(&bed.limit("hello"), bed.get_product(), None),
        Runner::start(&bed.limit("bare_get_item"), bed.get_product(), None),
        Runner::start(&bed.terrace("get_product"), bed.get_product(), Some("get_product, Node.js")),
        Runner::start(&bed.terrace("get_dashboard"), bed.get_dashboard(), None),
        Runner::start(&authorizer, bed.authorization(), Some("authorizer, Node.js")),
        Runner::start(&bed.node("get_product", "get_product"), bed.get_product(), None),
        Runner::start(&bed.node("authorizer", "authorize_read").authorizing(), bed.authorization(), None),
    ];
    for _ in 0..blocks {
        for runner in &mut runners {
            runner.run(length);
        }
    }
    Report {
        title: "Warm invocations",
        method: METHOD.to_owned(),
        tables: vec![table(&runners, blocks * length)],
        ..Report::default()
    }
}

const METHOD: &str = "One process each answers the same event again and again, over one TLS connection to a local \
    DynamoDB; programs alternate in blocks. `bare_get_item` makes the call of the AWS SDK that `get_product` makes, and \
    nothing else. CPU is the process's own, of all threads; its median over the blocks, with quartiles in brackets. \
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

    fn run(&mut self, length: usize) {
        let before = process::cpu(self.instance.pid());
        let microseconds = |took: Duration| took.as_secs_f64() * 1e6;
        let took = (0..length).map(|_| microseconds(self.instance.invoke(&self.event)));
        self.took.extend(took.collect::<Vec<_>>());
        let used = process::cpu(self.instance.pid()) - before;
        self.cpu.add(microseconds(used) / length as f64);
    }
}

fn table(runners: &[Runner], invocations: usize) -> Table {
    let cpu = |name: &str| {
        let runner = runners.iter().find(|runner| runner.name == name).expect("it was measured");
        runner.cpu.median()
    };
    let bare = cpu("bare_get_item");
    let mut table = Table::new(
        format!("{invocations} invocations each"),
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
            rival.map(|rival| format!("{:.1}", cpu(rival) / median)).unwrap_or_default(),
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
