//! The command-line program: its arguments, what it prints at the start, and its shutdown.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::backend::Backend;
use crate::cloud::{Cloud, DEFAULT_STACK_NAME, Options};
use crate::model::WithoutEffect;
use crate::services::Authorization;
use crate::storage::Storage;

/// Runs a SAM template on this machine: API, functions, tables, events, queues, keys and mails.
#[derive(Debug, Parser)]
#[command(name = "cloud", version)]
pub struct Arguments {
    /// The SAM template
    #[arg(long, default_value = "template.yaml")]
    template: PathBuf,
    /// Where the functions' binaries are
    #[arg(long, default_value = "target/debug")]
    binaries: PathBuf,
    /// Call functions through a running `cargo lambda watch` instead of --binaries, by the URL of its Invoke API
    #[arg(long, value_name = "URL")]
    cargo_lambda: Option<String>,
    /// The directory that keeps the data, and with --cargo-lambda the file `lending-secret`
    #[arg(long, default_value = ".local")]
    data: PathBuf,
    /// Where the keys of the template's profiles are written to [default: `credentials` in --data, and nowhere with
    /// --in-memory]
    #[arg(long, value_name = "FILE")]
    credentials_file: Option<PathBuf>,
    /// Keep no data, whatever --data says
    #[arg(long)]
    in_memory: bool,
    /// A parameter of the template, as Name=value; as often as needed
    #[arg(long = "parameter", value_name = "NAME=VALUE", value_parser = parameter)]
    parameters: Vec<(String, String)>,
    #[arg(long, default_value = DEFAULT_STACK_NAME, value_parser = stack_name)]
    stack_name: String,
    /// The port of the template's API
    #[arg(long, env = "TERRACE_PORT", default_value_t = 4000)]
    port: u16,
    /// The port of a nested stack's API, by its logical id, as often as needed; any free one without
    #[arg(long = "api-port", value_name = "LOGICAL_ID=PORT", value_parser = api_port)]
    api_ports: Vec<(String, u16)>,
    /// The port of the AWS services that functions call
    #[arg(long, env = "TERRACE_AWS_PORT", default_value_t = 4001)]
    aws_port: u16,
    /// The console's port
    #[arg(long, env = "TERRACE_CONSOLE_PORT", default_value_t = 4002)]
    console_port: u16,
}

fn parameter(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it as Name=value")?;
    Ok((name.to_owned(), value.to_owned()))
}

fn api_port(text: &str) -> Result<(String, u16), String> {
    let malformed = "write it as LogicalId=port";
    let (logical_id, port) = text.split_once('=').ok_or(malformed)?;
    Ok((logical_id.to_owned(), port.parse().map_err(|_| malformed)?))
}

fn stack_name(text: &str) -> Result<String, String> {
    let is_name = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        && text.len() <= 128;
    if is_name {
        Ok(text.to_owned())
    } else {
        Err("use a letter, then letters, digits and dashes, 128 in all".to_owned())
    }
}

/// Runs until SIGINT, SIGTERM or SIGHUP arrives.
pub async fn run(arguments: Arguments) -> ExitCode {
    match try_run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn try_run(arguments: Arguments) -> Result<(), Box<dyn std::error::Error>> {
    // Registered before the start, so that a signal which arrives during it stops the cloud afterwards.
    let mut signals =
        [signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?, signal(SignalKind::hangup())?];
    let stack_name = arguments.stack_name.clone();
    let cloud = Cloud::start_as(&stack_name, arguments.options()).await?;
    cloud.show_logs();
    // Standard output may be closed, which is no reason to stop.
    let _ = announce(&cloud, &mut io::stdout().lock());
    any(&mut signals).await;
    cloud.stop().await;
    Ok(())
}

async fn any(signals: &mut [Signal]) {
    futures::future::select_all(signals.iter_mut().map(|signal| Box::pin(signal.recv()))).await;
}

impl Arguments {
    fn options(self) -> Options {
        Options {
            template: self.template,
            parameters: self.parameters.into_iter().collect(),
            authorization: Authorization::Decided,
            backend: match self.cargo_lambda {
                Some(url) => Backend::CargoLambda { url, secret_file: self.data.join("lending-secret") },
                None => Backend::Binaries { directory: self.binaries },
            },
            credentials_file: self.credentials_file,
            storage: if self.in_memory { Storage::Memory } else { Storage::Directory(self.data) },
            gateway_port: self.port,
            api_ports: self.api_ports.into_iter().collect(),
            services_port: self.aws_port,
            console_port: Some(self.console_port),
        }
    }
}

/// The last line is `ready`, for scripts that wait for it.
fn announce(cloud: &Cloud, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "Without effect here:")?;
    for (reason, properties) in by_reason(&cloud.stack().without_effect) {
        writeln!(out, "  {properties}: {reason}")?;
    }
    writeln!(out, "\n  API       {}", cloud.url())?;
    for (logical_id, url) in cloud.nested_urls() {
        writeln!(out, "  {logical_id:<9} {url}")?;
    }
    writeln!(out, "  AWS       {}", cloud.services_url())?;
    if let Some(url) = cloud.console_url() {
        writeln!(out, "  console   {url}")?;
    }
    if let Some(file) = cloud.credentials_file() {
        announce_profiles(cloud, file, out)?;
    }
    writeln!(out, "\nready")?;
    out.flush()
}

fn announce_profiles(cloud: &Cloud, file: &Path, out: &mut impl Write) -> io::Result<()> {
    let names: Vec<&str> = cloud.stack().profiles.iter().map(|profile| profile.name.as_str()).collect();
    writeln!(out, "\nKeys of {} for the AWS CLI and the SDKs:", names.join(", "))?;
    writeln!(out, "  export AWS_SHARED_CREDENTIALS_FILE={}", std::path::absolute(file)?.display())?;
    writeln!(out, "  export AWS_PROFILE={}", names.first().unwrap_or(&""))?;
    writeln!(out, "  export AWS_ENDPOINT_URL={}", cloud.services_url())
}

/// Maps each reason to its properties, with the number of times that the template sets each.
fn by_reason(notes: &[WithoutEffect]) -> BTreeMap<&'static str, String> {
    let mut counts: BTreeMap<&'static str, BTreeMap<&str, usize>> = BTreeMap::new();
    for note in notes {
        *counts.entry(note.reason).or_default().entry(&note.property).or_default() += 1;
    }
    let show = |(property, count): (&str, usize)| {
        if count == 1 { property.to_owned() } else { format!("{property} ({count})") }
    };
    counts
        .into_iter()
        .map(|(reason, properties)| (reason, properties.into_iter().map(show).collect::<Vec<_>>().join(", ")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_grouped_by_reason_and_counted() {
        let note = |property: &str, reason| WithoutEffect {
            logical_id: "X".to_owned(),
            property: property.to_owned(),
            reason,
        };
        let notes = [note("Tags", "a"), note("Name", "b"), note("Tags", "a"), note("Alias", "a")];
        assert_eq!(
            by_reason(&notes),
            BTreeMap::from([("a", "Alias, Tags (2)".to_owned()), ("b", "Name".to_owned())])
        );
    }

    #[test]
    fn arguments_are_checked() {
        let parse = |arguments: &[&str]| Arguments::try_parse_from([&["cloud"], arguments].concat());
        assert_eq!(
            parse(&["--parameter", "A=b=c"]).unwrap().parameters,
            [("A".to_owned(), "b=c".to_owned())]
        );
        assert!(parse(&["--parameter", "A"]).is_err());
        let ports = parse(&["--api-port", "A=0", "--api-port", "B=4003"]).unwrap().options().api_ports;
        assert_eq!(ports, BTreeMap::from([("A".to_owned(), 0), ("B".to_owned(), 4003)]));
        for wrong in ["A", "A=", "A=65536", "A=b"] {
            assert!(parse(&["--api-port", wrong]).is_err(), "{wrong}");
        }
        assert!(parse(&["--stack-name", "a_b"]).is_err());
        assert!(matches!(parse(&["--data", "x", "--in-memory"]).unwrap().options().storage, Storage::Memory));
        let both =
            parse(&["--cargo-lambda", "http://127.0.0.1:9000", "--binaries", "x", "--data", "y"]).unwrap();
        let backend = both.options().backend;
        assert!(
            matches!(&backend, Backend::CargoLambda { secret_file, .. } if secret_file.ends_with("y/lending-secret"))
        );
    }
}
