//! What the processes print: the newest lines are kept, and shown on request.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};

use crate::services::LogTap;

const KEPT: usize = 2_000;

/// A bounded buffer of the newest lines.
#[derive(Debug, Clone)]
pub(crate) struct Lines {
    lines: Arc<Mutex<VecDeque<String>>>,
    kept: usize,
}

impl Lines {
    pub(crate) fn keeping(kept: usize) -> Lines {
        Lines { lines: Arc::default(), kept }
    }

    pub(crate) fn push(&self, line: String) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == self.kept {
            lines.pop_front();
        }
        lines.push_back(line);
    }

    pub(crate) fn all(&self) -> Vec<String> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Logs {
    lines: Lines,
    shown: Arc<AtomicBool>,
}

impl Default for Logs {
    fn default() -> Logs {
        Logs { lines: Lines::keeping(KEPT), shown: Arc::default() }
    }
}

impl Logs {
    pub(crate) fn show(&self) {
        self.shown.store(true, Ordering::Relaxed);
    }

    pub(crate) fn all(&self) -> Vec<String> {
        self.lines.all()
    }

    /// Forwards a process's output until it ends. The tap has what one read brought before the next read.
    pub(crate) async fn follow(
        self,
        function: String,
        output: impl AsyncRead + Unpin,
        tail: Option<Lines>,
        tap: Option<LogTap>,
    ) {
        let mut output = BufReader::new(output);
        let (mut buffer, mut tapped) = (Vec::new(), Vec::new());
        while output.read_until(b'\n', &mut buffer).await.is_ok_and(|read| read > 0) {
            let line = String::from_utf8_lossy(&buffer).trim_end().to_owned();
            buffer.clear();
            if let Some(tail) = &tail {
                tail.push(line.clone());
            }
            if let Some(tap) = &tap {
                tapped.push(line.clone());
                if !output.buffer().contains(&b'\n') {
                    tap.keep(std::mem::take(&mut tapped)).await;
                }
            }
            let mut line = format!("{function}: {line}\n");
            if self.shown.load(Ordering::Relaxed) {
                // In one piece: `eprintln!` would write the end of the line by a call of its own.
                let _ = io::stderr().write_all(line.as_bytes());
            }
            line.pop();
            self.lines.push(line);
        }
    }
}
