//! The machine that measures, since figures mean little without it.

use std::fs;
use std::thread::available_parallelism;

pub(crate) fn cores() -> usize {
    available_parallelism().map_or(1, usize::from)
}

pub(crate) fn description() -> String {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let value = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        line.split_once(':').map_or("unknown", |(_, value)| value.trim()).to_owned()
    };
    let processor = value(&read("/proc/cpuinfo"), "model name");
    let kibibytes: u64 =
        value(&read("/proc/meminfo"), "MemTotal").trim_end_matches(" kB").parse().unwrap_or_default();
    let kernel = read("/proc/sys/kernel/osrelease");
    let kernel: String = kernel.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    format!(
        "{} cores of {processor}, {} GiB, Linux {kernel} on {}",
        cores(),
        kibibytes.div_ceil(1 << 20),
        std::env::consts::ARCH
    )
}
