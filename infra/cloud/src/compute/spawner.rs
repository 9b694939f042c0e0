//! Starts processes that end with this one, even when it is killed and cannot end them itself.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc;

use tokio::process::{Child, Command};
use tokio::runtime::Handle;
use tokio::sync::oneshot;

/// Part of util-linux. Without it, a process ends when its next poll for events fails.
const SETPRIV: &str = "/usr/bin/setpriv";

type Order = (Command, oneshot::Sender<io::Result<Child>>);

/// Spawns on a thread of its own, because the kernel sends the parent-death signal when the *thread* that
/// started the process ends, and a runtime's threads come and go.
pub(crate) struct Spawner {
    orders: mpsc::Sender<Order>,
    setpriv: Option<PathBuf>,
}

impl Spawner {
    pub(crate) fn start() -> io::Result<Spawner> {
        let (orders, inbox) = mpsc::channel::<Order>();
        let runtime = Handle::current();
        std::thread::Builder::new().name("spawner".into()).spawn(move || {
            let _context = runtime.enter();
            for (mut command, reply) in inbox {
                // If the caller has stopped waiting, the child is dropped, which kills it.
                let _ = reply.send(command.spawn());
            }
        })?;
        let setpriv = Path::new(SETPRIV);
        Ok(Spawner { orders, setpriv: setpriv.exists().then(|| setpriv.to_owned()) })
    }

    pub(crate) fn launcher(&self) -> Option<&Path> {
        self.setpriv.as_deref()
    }

    pub(crate) async fn spawn(&self, command: Command) -> io::Result<Child> {
        let (reply, child) = oneshot::channel();
        let gone = || io::Error::other("the spawning thread has ended");
        self.orders.send((command, reply)).map_err(|_| gone())?;
        child.await.map_err(|_| gone())?
    }
}
