//! How the texts of a policy become patterns.

use super::{Pattern, Piece, Reach};
use crate::variables::{self, Part, Variable};

/// An ARN has six parts. The last one, the resource, may contain colons.
const COLONS: usize = 5;

/// Which text becomes a pattern, since wildcards do not mean the same in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Wildcards are characters like others.
    Literal,
    /// Wildcards reach across everything.
    Text,
    /// The parts of an ARN are compared one by one.
    Arn,
    /// Like an ARN, but a `*` at the end of a part reaches across colons.
    Resource,
}

impl Pattern {
    /// For `StringEquals`: variables count, wildcards do not.
    pub(crate) fn literal(text: &str) -> Result<Pattern, &'static str> {
        compile(variables::split(text)?, Form::Literal)
    }

    /// For `StringLike`.
    pub(crate) fn like(text: &str) -> Result<Pattern, &'static str> {
        compile(variables::split(text)?, Form::Text)
    }

    /// For `ArnLike` and `ArnEquals`, which are the same.
    ///
    /// The text has to show all six parts, or to be one variable: of a shorter one, the documents do not say which
    /// parts it leaves out.
    pub(crate) fn arn(text: &str) -> Result<Pattern, &'static str> {
        let parts = variables::split(text)?;
        if matches!(parts.as_slice(), [Part::Variable(_)]) {
            return compile(parts, Form::Literal);
        }
        if colons(&parts) < COLONS {
            return Err("is no ARN of six parts");
        }
        compile(parts, Form::Arn)
    }

    /// For `Action` and `NotAction`: `*`, or `service:Action` with wildcards in the action.
    pub(crate) fn action(text: &str) -> Result<Pattern, &'static str> {
        if text != "*" {
            let (service, name) = text.split_once(':').ok_or("is not written as service:Action")?;
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
            if service.is_empty() || !service.bytes().all(is_plain) {
                return Err("names no service before its colon");
            }
            let is_letter = |byte: u8| is_plain(byte) || matches!(byte, b'*' | b'?');
            if name.is_empty() || !name.bytes().all(is_letter) {
                return Err("names no action after its colon");
            }
        }
        compile(vec![Part::Text(text)], Form::Text)
    }

    /// For `Resource` and `NotResource`: `*`, or an ARN.
    ///
    /// AWS: IAM JSON policy elements: Resource,
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>
    pub(crate) fn resource(text: &str) -> Result<Pattern, &'static str> {
        if text == "*" {
            return compile(vec![Part::Text(text)], Form::Text);
        }
        let mut segments = text.split(':');
        if segments.next() != Some("arn") {
            return Err("is neither * nor an ARN");
        }
        let (_, service) = (segments.next(), segments.next());
        if segments.next().is_none()
            || service.is_none_or(|name| name.contains(['*', '?']) || name.is_empty())
        {
            return Err("names no service in its third part");
        }
        let parts = variables::split(text)?;
        let crosses_colons = text.ends_with('*') || text.contains("*:");
        if colons(&parts) < COLONS && !crosses_colons {
            return Err("is an ARN without all of its six parts");
        }
        if colons(&parts[..1]) < COLONS && parts.len() > 1 {
            return Err("has a variable before the last part of its ARN");
        }
        compile(parts, Form::Resource)
    }
}

/// Colons that are written, outside of variables.
fn colons(parts: &[Part<'_>]) -> usize {
    let texts = parts.iter().map(|part| if let Part::Text(text) = part { text } else { "" });
    texts.map(|text| text.matches(':').count()).sum()
}

fn compile(parts: Vec<Part<'_>>, form: Form) -> Result<Pattern, &'static str> {
    let mut pieces = Pieces { done: Vec::new(), text: String::new(), colons: 0, form };
    for part in parts {
        match part {
            Part::Text(text) => pieces.read(text),
            Part::Character(character) => pieces.text.push_str(character),
            Part::Variable(variable) => pieces.variable(variable),
        }
    }
    pieces.finish_text();
    Ok(Pattern { pieces: pieces.done.into_boxed_slice() })
}

struct Pieces {
    done: Vec<Piece>,
    /// Literal text that the next piece ends.
    text: String,
    colons: usize,
    form: Form,
}

impl Pieces {
    fn read(&mut self, text: &str) {
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '*' if self.form != Form::Literal => {
                    while characters.next_if_eq(&'*').is_some() {}
                    let ends_a_part = characters.peek().is_none_or(|next| *next == ':');
                    self.finish_text();
                    let crosses = self.form == Form::Resource && ends_a_part;
                    let reach = if crosses { Reach::Whole } else { self.reach() };
                    self.done.push(Piece::Any(reach));
                }
                '?' if self.form != Form::Literal => {
                    self.finish_text();
                    let reach = self.reach();
                    self.done.push(Piece::One(reach));
                }
                _ => {
                    self.colons += usize::from(character == ':');
                    self.text.push(character);
                }
            }
        }
    }

    fn variable(&mut self, variable: Variable) {
        self.finish_text();
        let reach = self.reach();
        self.done.push(Piece::Variable(variable, reach));
    }

    /// In the last part of an ARN, a colon is a character like others.
    fn reach(&self) -> Reach {
        let in_one_part = matches!(self.form, Form::Arn | Form::Resource) && self.colons < COLONS;
        if in_one_part { Reach::Part } else { Reach::Whole }
    }

    fn finish_text(&mut self) {
        if !self.text.is_empty() {
            self.done.push(Piece::Text(std::mem::take(&mut self.text).into_boxed_str()));
        }
    }
}
