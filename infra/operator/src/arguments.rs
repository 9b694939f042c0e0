//! The command line as a whole.

use clap::{Parser, Subcommand};

use crate::access::Access;
use crate::{audit, tenants, tiers, usage};

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  the API has refused it, for the reason that is shown
  2  the command line is wrong, or what hurts was not confirmed; nothing was done
  3  no credentials, no connection, or the API failed or is busy; what was sent may have taken effect
  4  somebody else has changed it meanwhile; nothing was done";

/// Operates the platform: its tenants, their tiers and limits, what they use, and who did what.
///
/// Requests are signed with the AWS credentials of the environment, as the AWS CLI finds them.
#[derive(Debug, Parser)]
#[command(name = "terrace", version, after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) access: Access,
    /// Print the API's JSON, also that of a refusal
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The tenants: list, show, onboard, change, suspend, resume, and what they do
    Tenants {
        #[command(subcommand)]
        command: tenants::Command,
    },
    /// What tenants may have: the tiers
    Tiers {
        #[command(subcommand)]
        command: tiers::Command,
    },
    /// The tenants that cost most on a day
    Usage(usage::OfDay),
    /// What operators did, newest first
    Audit(audit::OfOperators),
}

/// The value of a `--limit`.
pub(crate) fn at_least_one(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|number| *number > 0).ok_or_else(|| "write a whole number from 1 on".to_owned())
}

/// The value of a `--feature`.
pub(crate) fn switch(text: &str) -> Result<(String, bool), String> {
    let parsed = text.split_once('=').and_then(|(name, state)| match state {
        "on" => Some((name.to_owned(), true)),
        "off" => Some((name.to_owned(), false)),
        _ => None,
    });
    parsed.ok_or_else(|| "write it as audit=on or audit=off".to_owned())
}
