//! Why a template cannot run here: all problems at once, each with its remedy.

use std::cell::RefCell;
use std::fmt;

use crate::model::WithoutEffect;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The resource or parameter; for problems outside of both, the section's name.
    pub logical_id: String,
    pub line: usize,
    /// The text of that line.
    pub excerpt: String,
    pub problem: String,
    pub remedy: String,
}

/// Everything that prevents one template from running, in the order of its lines.
#[derive(Debug, Clone, thiserror::Error)]
pub struct Refusals {
    pub file: String,
    pub refusals: Vec<Refusal>,
}

impl fmt::Display for Refusals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for refusal in &self.refusals {
            let Refusal { logical_id, line, excerpt, problem, remedy } = refusal;
            writeln!(f, "{}:{line}: {logical_id}: {problem}", self.file)?;
            if !excerpt.is_empty() {
                writeln!(f, "  {line:>4} | {excerpt}")?;
            }
            writeln!(f, "  Remedy: {remedy}\n")?;
        }
        let problems = if self.refusals.len() == 1 { "problem" } else { "problems" };
        write!(f, "{} {problems}: {} does not run here.", self.refusals.len(), self.file)
    }
}

/// Collects refusals and properties without effect while a template is read.
pub(super) struct Report<'t> {
    lines: Vec<&'t str>,
    refusals: RefCell<Vec<Refusal>>,
    without_effect: RefCell<Vec<WithoutEffect>>,
}

impl<'t> Report<'t> {
    pub(super) fn new(text: &'t str) -> Report<'t> {
        Report {
            lines: text.lines().collect(),
            refusals: RefCell::default(),
            without_effect: RefCell::default(),
        }
    }

    pub(super) fn refuse(
        &self,
        logical_id: &str,
        line: usize,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        let excerpt =
            line.checked_sub(1).and_then(|index| self.lines.get(index)).unwrap_or(&"").trim_end().to_owned();
        let refusal = Refusal {
            logical_id: logical_id.to_owned(),
            line,
            excerpt,
            problem: problem.into(),
            remedy: remedy.into(),
        };
        let mut refusals = self.refusals.borrow_mut();
        // A problem in `Globals` occurs again in every function that inherits it.
        if !refusals.iter().any(|known| known.line == line && known.problem == refusal.problem) {
            refusals.push(refusal);
        }
    }

    pub(super) fn note(&self, logical_id: &str, property: String, reason: &'static str) {
        self.without_effect.borrow_mut().push(WithoutEffect {
            logical_id: logical_id.to_owned(),
            property,
            reason,
        });
    }

    pub(super) fn close(self, file: &str) -> Result<Vec<WithoutEffect>, Refusals> {
        let mut refusals = self.refusals.into_inner();
        if refusals.is_empty() {
            return Ok(self.without_effect.into_inner());
        }
        refusals.sort_by_key(|refusal| refusal.line);
        Err(Refusals { file: file.to_owned(), refusals })
    }
}
