//! `AWS::CloudFormation::Stack`: a template that another one names by its path.

use std::path::{Path, PathBuf};

use super::identities::{self, Identity, arn, physical_name};
use super::parameters::{Argument, Given, Giver};
use super::paths;
use super::resolve::Scope;
use super::stack::Template;
use super::yaml::{Entry, Node, Value};

pub(super) const TYPE: &str = "AWS::CloudFormation::Stack";

/// Where a template lies.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    /// The root template's directory.
    root: PathBuf,
    /// The templates from the root to this one, each nested in the one before it, relative to that directory.
    chain: Vec<PathBuf>,
}

impl Origin {
    pub(super) fn of_root(path: &Path) -> Origin {
        let root = path.parent().unwrap_or(Path::new("")).to_owned();
        Origin { root, chain: path.file_name().map(PathBuf::from).into_iter().collect() }
    }

    fn relative(&self) -> &Path {
        self.chain.last().map(PathBuf::as_path).unwrap_or(Path::new(""))
    }

    pub(super) fn path(&self) -> PathBuf {
        self.root.join(self.relative())
    }

    /// Relative to the root template's.
    pub(super) fn directory(&self) -> &Path {
        self.relative().parent().unwrap_or(Path::new(""))
    }

    /// The template that this one names by a path, or the problem and its remedy.
    fn nested(&self, url: &str) -> Result<Origin, (String, &'static str)> {
        const REMEDY: &str = "write a path relative to this template: a deploy uploads that file.";
        if url.contains("://") {
            return Err((format!("TemplateURL {url} is not a path."), REMEDY));
        }
        let Some(relative) = paths::inside(self.directory(), url) else {
            let problem = format!("TemplateURL {url} leads out of the root template's directory.");
            return Err((problem, "move the nested template there."));
        };
        // By another name through a link, a template is the same one.
        let real = |relative: &PathBuf| std::fs::canonicalize(self.root.join(relative)).ok();
        let is_same = |known: &&PathBuf| {
            **known == relative || real(known).is_some_and(|known| Some(known) == real(&relative))
        };
        if self.chain.iter().any(|known| is_same(&known)) {
            let way = self.chain.iter().chain([&relative]).map(|path| path.display().to_string());
            let problem = format!("a template nests itself: {}.", way.collect::<Vec<_>>().join(" -> "));
            return Err((problem, "nest another template, or none."));
        }
        Ok(Origin { root: self.root.clone(), chain: [&self.chain[..], &[relative]].concat() })
    }
}

/// Reads the nested template; `None` if it was refused.
pub(super) fn open<'f>(resource: &Entry, origin: &Origin, scope: &Scope<'f>) -> Option<Template<'f>> {
    let refuse = |line: usize, problem: String, remedy: &str| {
        scope.report.refuse(&resource.key, line, problem, remedy);
        None
    };
    let Some(url) = identities::property(resource, "TemplateURL") else {
        return refuse(resource.line, "TemplateURL is missing.".to_owned(), "add TemplateURL.");
    };
    let Some(path) = url.as_text() else {
        return refuse(
            url.line,
            "TemplateURL is not text.".to_owned(),
            "write the path itself: a deploy uploads that file.",
        );
    };
    let origin = match origin.nested(path) {
        Ok(origin) => origin,
        Err((problem, remedy)) => return refuse(url.line, problem, remedy),
    };
    let text = match std::fs::read_to_string(origin.path()) {
        Ok(text) => text,
        Err(error) => {
            let problem = format!("the nested template {} cannot be read: {error}.", origin.path().display());
            return refuse(url.line, problem, "mend TemplateURL, a path relative to this template.");
        }
    };
    let given = given(resource, scope)?;
    Template::read(&text, origin, physical_name(resource, scope), &given, scope.report.findings())
}

/// The values that the parent gives the parameters; `None` if they are refused as a whole.
fn given<'f>(resource: &Entry, scope: &Scope<'f>) -> Option<Given<'f>> {
    let node = identities::property(resource, "Parameters");
    let line = node.map_or(resource.line, |node| node.line);
    let resolved = match node.and_then(|node| scope.resolve(&resource.key, node)) {
        Some(Node { value: Value::Map(entries), .. }) => entries,
        None => Vec::new(),
        Some(Node { value: Value::Invalid, .. }) => return None,
        Some(_) => {
            let problem = "Parameters is not a mapping.";
            scope.report.refuse(&resource.key, line, problem, "write `Name: value` lines below it.");
            return None;
        }
    };
    let values = resolved.iter().map(|entry| (entry.key.clone(), argument(resource, entry, scope))).collect();
    Some(Given {
        values,
        giver: Some(Giver { report: scope.report, logical_id: resource.key.clone(), line }),
    })
}

fn argument(resource: &Entry, entry: &Entry, scope: &Scope<'_>) -> Argument {
    let text = entry.node.as_text().map(str::to_owned);
    if text.is_none() && !matches!(entry.node.value, Value::Invalid) {
        let problem = format!("Parameters.{} is not text.", entry.key);
        scope.report.refuse(
            &resource.key,
            entry.line,
            problem,
            "write one value, and join a list: !Join [\",\", …].",
        );
    }
    Argument { text, line: entry.line }
}

pub(super) fn identity(resource: &Entry, template: Option<&Template<'_>>, scope: &Scope<'_>) -> Identity {
    let name = physical_name(resource, scope);
    let reference = arn("cloudformation", &format!("stack/{name}/{}", identities::uuid(&name)));
    Identity {
        home: scope.home.clone(),
        name,
        reference,
        outputs: template.map(|template| template.outputs.clone()),
        refused: template.is_none(),
        ..Identity::default()
    }
}
