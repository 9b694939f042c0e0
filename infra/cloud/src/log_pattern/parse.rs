//! Reads `{ $.kind = "usage" && ($.units > 0 || $.failed IS TRUE) }`. `&&` binds closer than `||`.

use super::{Comparison, Expression, LogPatternError, Selector, Step, Test, Wildcard};

const OPERATORS: &[(&str, Comparison)] = &[
    ("!=", Comparison::NotEqual),
    ("<=", Comparison::LessOrEqual),
    (">=", Comparison::GreaterOrEqual),
    ("=", Comparison::Equal),
    ("<", Comparison::Less),
    (">", Comparison::Greater),
];

pub(super) fn json(text: &str) -> Result<Expression, LogPatternError> {
    let inner = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    let mut parser = Parser { rest: inner.ok_or_else(|| unknown(text))? };
    let expression = parser.any()?;
    match parser.skip_space() {
        "" => Ok(expression),
        rest => Err(unknown(rest)),
    }
}

fn unknown(text: &str) -> LogPatternError {
    LogPatternError(format!("`{}` is no part of a pattern for JSON", text.trim()))
}

struct Parser<'t> {
    rest: &'t str,
}

impl<'t> Parser<'t> {
    fn skip_space(&mut self) -> &'t str {
        self.rest = self.rest.trim_start();
        self.rest
    }

    fn take(&mut self, token: &str) -> bool {
        match self.skip_space().strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// A word that ends where no letter follows.
    fn take_word(&mut self, word: &str) -> bool {
        let follows = self.skip_space().strip_prefix(word);
        let is_whole = follows.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()));
        is_whole && self.take(word)
    }

    fn take_while(&mut self, is_part: impl Fn(char) -> bool) -> &'t str {
        let end = self.rest.find(|c| !is_part(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    fn any(&mut self) -> Result<Expression, LogPatternError> {
        let mut any = vec![self.all()?];
        while self.take("||") {
            any.push(self.all()?);
        }
        Ok(if any.len() == 1 { any.remove(0) } else { Expression::Any(any) })
    }

    fn all(&mut self) -> Result<Expression, LogPatternError> {
        let mut all = vec![self.one()?];
        while self.take("&&") {
            all.push(self.one()?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Expression::All(all) })
    }

    fn one(&mut self) -> Result<Expression, LogPatternError> {
        if self.take("(") {
            let inner = self.any()?;
            return if self.take(")") { Ok(inner) } else { Err(unknown(self.rest)) };
        }
        let selector = self.selector()?;
        Ok(Expression::Test(selector, self.test()?))
    }

    fn selector(&mut self) -> Result<Selector, LogPatternError> {
        if !self.take("$") {
            return Err(unknown(self.rest));
        }
        let mut steps = Vec::new();
        while self.rest.starts_with(['.', '[']) {
            steps.push(self.step()?);
        }
        if steps.is_empty() { Err(unknown(self.rest)) } else { Ok(Selector(steps)) }
    }

    fn step(&mut self) -> Result<Step, LogPatternError> {
        let whole = self.rest;
        if self.take(".") {
            let name = self.take_while(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
            return if name.is_empty() { Err(unknown(whole)) } else { Ok(Step::Field(name.to_owned())) };
        }
        self.take("[");
        let index = self.take_while(|c| c.is_ascii_digit()).parse().map_err(|_| unknown(whole))?;
        if self.rest.starts_with(']') && self.take("]") { Ok(Step::Item(index)) } else { Err(unknown(whole)) }
    }

    fn test(&mut self) -> Result<Test, LogPatternError> {
        if self.take_word("IS") {
            return match () {
                () if self.take_word("TRUE") => Ok(Test::IsBoolean(true)),
                () if self.take_word("FALSE") => Ok(Test::IsBoolean(false)),
                () if self.take_word("NULL") => Ok(Test::IsNull),
                () => Err(unknown(self.rest)),
            };
        }
        if self.take_word("NOT") {
            return if self.take_word("EXISTS") { Ok(Test::NotExists) } else { Err(unknown(self.rest)) };
        }
        let whole = self.skip_space();
        if self.take_word("EXISTS") {
            let problem = "CloudWatch has no EXISTS: write = \"*\", or NOT EXISTS";
            return Err(LogPatternError(problem.to_owned()));
        }
        let operator = OPERATORS.iter().find(|(token, _)| self.take(token));
        let (_, comparison) = operator.ok_or_else(|| unknown(whole))?;
        self.operand(*comparison).ok_or_else(|| unknown(whole))
    }

    fn operand(&mut self, comparison: Comparison) -> Option<Test> {
        let text = if self.take("\"") {
            self.quoted()?
        } else {
            let word = self.take_while(is_of_word);
            if let Ok(number) = word.parse::<f64>() {
                return number.is_finite().then_some(Test::Number(comparison, number));
            }
            (!word.is_empty()).then(|| word.to_owned())?
        };
        let pattern = Wildcard::new(&text);
        match comparison {
            Comparison::Equal => Some(Test::Text { pattern, negated: false }),
            Comparison::NotEqual => Some(Test::Text { pattern, negated: true }),
            _ => None,
        }
    }

    /// Up to the closing quote; a backslash takes the next character as it is.
    fn quoted(&mut self) -> Option<String> {
        let mut text = String::new();
        let mut characters = self.rest.char_indices();
        while let Some((at, character)) = characters.next() {
            match character {
                '"' => {
                    self.rest = &self.rest[at + 1..];
                    return Some(text);
                }
                '\\' => text.push(characters.next()?.1),
                other => text.push(other),
            }
        }
        None
    }
}

/// Terms with other characters are quoted.
fn is_of_word(character: char) -> bool {
    character.is_alphanumeric() || "_-.*+:/@".contains(character)
}
