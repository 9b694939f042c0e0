//! Switches event sources off and on, as the `Enabled` of an event source mapping does.

use tokio::sync::watch;

#[derive(Debug, thiserror::Error)]
#[error("the function {0} has no event source")]
pub struct NoEventSource(pub(crate) String);

/// Whether one event source may read.
#[derive(Debug, Clone)]
pub(super) struct Switch(watch::Receiver<bool>);

impl Switch {
    pub(super) fn is_on(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits while the source is off.
    pub(super) async fn on(&self) {
        let mut state = self.0.clone();
        if state.wait_for(|on| *on).await.is_err() {
            // The sources are ending, and this one must not read once more.
            std::future::pending::<()>().await;
        }
    }
}

/// The switches of all event sources, each with the logical id of the source's function.
#[derive(Debug, Default)]
pub(super) struct Switches(Vec<(String, watch::Sender<bool>)>);

impl Switches {
    pub(super) fn add(&mut self, function: &str, enabled: bool) -> Switch {
        let (sender, receiver) = watch::channel(enabled);
        self.0.push((function.to_owned(), sender));
        Switch(receiver)
    }

    pub(super) fn set(&self, function: &str, enabled: bool) -> Result<(), NoEventSource> {
        let mut found = false;
        for (_, sender) in self.0.iter().filter(|(of, _)| of == function) {
            sender.send_replace(enabled);
            found = true;
        }
        if found { Ok(()) } else { Err(NoEventSource(function.to_owned())) }
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    #[test]
    fn a_source_that_is_off_does_not_read_when_the_sources_end() {
        let mut switches = Switches::default();
        let switch = switches.add("WorkerFunction", false);
        drop(switches);
        assert!(switch.on().now_or_never().is_none());
    }
}
