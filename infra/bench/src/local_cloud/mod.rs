//! The local cloud beside the other emulators that run a function's own binary without Docker: start, memory, and calls
//! of one function.

mod emulators;

use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use bytes::Bytes;
use client::eventually;
use http::{Request, StatusCode};
use http_body_util::Full;
use tempfile::TempDir;

use self::emulators::emulators;
use crate::load::{self, Sent, Visitor};
use crate::plot;
use crate::process;
use crate::report::{Plot, Report, Table};
use crate::samples::{Samples, milliseconds};
use crate::settings::Settings;
use crate::spawned::Spawned;

/// The function needs no service, so the emulator alone is measured.
const FUNCTION: &str = "get_problem";
/// What the page that it answers says.
const ANSWER: &str = "What to do";

struct Emulator {
    name: String,
    /// What a call goes through.
    call: &'static str,
    start: fn(&Settings) -> Result<Running, String>,
}

/// An emulator that has not called the function yet.
struct Running {
    process: Spawned,
    address: SocketAddr,
    /// Until it took a connection.
    took: Duration,
    call: Request<Full<Bytes>>,
    /// Removed when the emulator is dropped.
    _folder: Option<TempDir>,
}

/// The same call again and again.
struct Caller<'a>(&'a Request<Full<Bytes>>);

#[derive(Default)]
struct Figures {
    start: Samples,
    memory: Samples,
    cold: Samples,
    warm: Samples,
    cpu: Samples,
}

pub(crate) fn measure(settings: &Settings) -> Report {
    let (rounds, time) =
        (settings.rounds(7, 2), Duration::from_millis(if settings.is_quick { 500 } else { 2_000 }));
    let mut all = emulators().map(|emulator| (emulator, Ok(Figures::default())));
    for _ in 0..rounds {
        for (emulator, figures) in &mut all {
            let Ok(measured) = figures else { continue };
            match (emulator.start)(settings) {
                Ok(running) => measured.add(&running, time),
                Err(reason) => *figures = Err(reason),
            }
        }
    }
    let mut table = Table::new(
        "One function in each emulator; medians (quartiles)",
        [
            "",
            "start ms",
            "memory MiB",
            "first call ms",
            "warm call ms",
            "warm p99 ms",
            "CPU µs a warm call",
            "a call goes through",
        ],
    );
    for (emulator, figures) in &all {
        let call = emulator.call.to_owned();
        table.row(match figures {
            Ok(figures) => figures.row(&emulator.name).into_iter().chain([call]).collect::<Vec<_>>(),
            Err(reason) => {
                let nothing = std::iter::repeat_n("–".to_owned(), 6);
                [emulator.name.clone()]
                    .into_iter()
                    .chain(nothing)
                    .chain([format!("not measured: {reason}")])
                    .collect()
            }
        });
    }
    let warm = all.iter().filter_map(|(emulator, figures)| {
        Some((emulator.name.clone(), figures.as_ref().ok()?.warm.median()))
    });
    let title = "A warm call in the emulators";
    Report {
        title: "The local cloud beside other emulators",
        method: format!(
            "In each of {rounds} rounds, each emulator is started with nothing stored, takes the first call of `{FUNCTION}`, \
             which calls no service, and then one call after the other over one connection for {time:?}. The binary is the \
             same. Start is until it takes a connection; memory is the resident set of the emulator's process, before the \
             first call and without functions; CPU is that of all its processes. What could not be installed or started \
             stands here with the reason."
        ),
        tables: vec![table],
        plots: vec![Plot {
            file: "local-cloud.svg",
            title,
            svg: plot::bars(title, "ms", &warm.collect::<Vec<_>>()),
        }],
        ..Report::default()
    }
}

impl Figures {
    fn add(&mut self, running: &Running, time: Duration) {
        self.start.add(milliseconds(running.took));
        self.memory.add(process::resident(running.process.pid()));
        let call = |time| load::run(running.address, vec![Caller(&running.call)], time);
        let first = call(Duration::ZERO);
        assert!(first.others.is_empty(), "the first call failed: {:?}", first.others);
        self.cold.extend(first.latencies);
        let before = process::cpu_of_tree(running.process.pid());
        let warm = call(time);
        // An emulator that does not wait for a process it ends loses that one's time.
        let cpu = process::cpu_of_tree(running.process.pid()).saturating_sub(before);
        assert!(warm.others.is_empty(), "a call failed: {:?}", warm.others);
        self.cpu.add(cpu.as_secs_f64() * 1e6 / warm.latencies.len() as f64);
        self.warm.extend(warm.latencies);
    }

    fn row(&self, name: &str) -> Vec<String> {
        vec![
            name.to_owned(),
            self.start.shown(0),
            self.memory.shown(0),
            self.cold.shown(1),
            self.warm.shown(2),
            format!("{:.2}", self.warm.percentile(99.0)),
            self.cpu.shown(0),
        ]
    }
}

impl Running {
    fn new(process: Spawned, url: &str, call: Request<Full<Bytes>>, folder: Option<TempDir>) -> Running {
        let address = url.trim_start_matches("http://").parse().expect("an emulator names its address");
        let began = Instant::now();
        eventually("the emulator takes a connection", || TcpStream::connect(address).ok());
        Running { took: process.took + began.elapsed(), process, address, call, _folder: folder }
    }
}

impl Visitor for Caller<'_> {
    fn next(&mut self) -> Sent {
        Sent { request: self.0.clone(), expected: StatusCode::OK }
    }

    fn answered(&mut self, body: &[u8]) {
        let body = String::from_utf8_lossy(body);
        assert!(body.contains(ANSWER), "the function answered {body}");
    }
}
