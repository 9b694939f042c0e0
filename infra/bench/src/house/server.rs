//! The two servers that are compared.

use std::process::Command;

use client::{Anonymous, Http, eventually};
use tempfile::TempDir;

use super::tenants::Access;
use super::{EXPRESS, TERRACE};
use crate::rivals::Rival;
use crate::spawned::Spawned;
use crate::terrace::Terrace;

/// Express knows operators by a key of their own.
const OPERATOR_KEY: &str = "the operator key of the benchmark";

pub(crate) enum Server {
    Terrace(Terrace),
    Express(Express),
}

/// One process of Node.js with Express and SQLite.
pub(crate) struct Express {
    process: Spawned,
    url: String,
    /// Of Node.js.
    pub(crate) version: String,
    _data: TempDir,
}

impl Server {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Server::Terrace(_) => TERRACE,
            Server::Express(_) => EXPRESS,
        }
    }

    pub(crate) fn url(&self) -> &str {
        match self {
            Server::Terrace(terrace) => &terrace.url,
            Server::Express(express) => &express.url,
        }
    }

    /// A client that may onboard tenants.
    pub(crate) fn operator(&self) -> Http {
        match self {
            Server::Terrace(terrace) => Http::clone(&terrace.operator()),
            Server::Express(express) => Http::new(&express.url).with("x-operator-key", OPERATOR_KEY),
        }
    }

    pub(crate) fn pid(&self) -> u32 {
        match self {
            Server::Terrace(terrace) => terrace.process.pid(),
            Server::Express(express) => express.process.pid(),
        }
    }

    /// Waits until the effects of all events are there.
    pub(crate) fn settle(&self, access: &Access) {
        match self {
            Server::Terrace(terrace) => {
                let authorization = access.authorization.to_str().expect("a token is printable");
                terrace.settle(authorization, &access.products[0]);
            }
            Server::Express(express) => {
                let outbox = Anonymous::new(&express.url);
                let is_empty = || outbox.get("/outbox").send().expect(200)["pending"] == 0;
                eventually("the outbox is empty", || is_empty().then_some(()));
            }
        }
    }
}

impl Express {
    /// Fails when the rival is not installed.
    pub(crate) fn start() -> Result<Express, String> {
        let Rival { node, version, directory } = Rival::find("express_server")?;
        let data = tempfile::tempdir().expect("a folder for the data can be made");
        let mut command = Command::new(node);
        command.arg(directory.join("dist/server.cjs"));
        command.env("DATA_DIR", data.path()).env("OPERATOR_KEY", OPERATOR_KEY).env("NODE_ENV", "production");
        let process = Spawned::start(command, |line| line.starts_with("listening "))?;
        let url = process.value("listening ");
        Ok(Express { process, url, version, _data: data })
    }
}
