//! Renders Markdown to HTML that can be shown as it is.
//!
//! Nothing is cleaned afterwards: the renderer writes a few elements, escapes all texts, and gets neither the HTML that
//! stands in the Markdown nor an address with a scheme that could run or hold something.

use std::cell::Cell;
use std::fmt;

use domain::post::Body;
use domain::text::Markdown;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html};

/// The number of bytes of the largest HTML. Some Markdown becomes many times as long.
const LARGEST_HTML: usize = 1024 * 1024;
/// How deep blocks and spans may stand in each other.
const NESTED_MOST: usize = 50;
/// How many characters of the text are kept as its beginning.
const BEGINNING: usize = 300;
/// Any other scheme than these may run a script or hold a document.
const SCHEMES: [&str; 5] = ["http", "https", "mailto", "tel", "sms"];

const SYNTAX: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_FOOTNOTES);

/// Why Markdown is not rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    TooDeep,
    TooLong,
}

impl fmt::Display for Refused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::TooDeep => {
                write!(formatter, "must not nest more than {NESTED_MOST} blocks and spans in each other")
            }
            Refused::TooLong => write!(formatter, "must not become more than {LARGEST_HTML} bytes of HTML"),
        }
    }
}

pub(crate) fn render(markdown: Markdown) -> Result<Body, Refused> {
    let too_deep = Cell::new(false);
    let mut beginning = Beginning::default();
    let mut page = Bounded(String::new());
    let events = Safe {
        events: Parser::new_ext(markdown.as_str(), SYNTAX),
        open: Vec::new(),
        too_deep: &too_deep,
        beginning: &mut beginning,
    };
    let written = html::write_html_fmt(&mut page, events);
    match written {
        _ if too_deep.get() => Err(Refused::TooDeep),
        Err(fmt::Error) => Err(Refused::TooLong),
        Ok(()) => Ok(Body { markdown, html: page.0, beginning: beginning.text() }),
    }
}

/// The parser's events without what must not be shown.
struct Safe<'a, I> {
    events: I,
    /// Of each element that is open, whether it is shown.
    open: Vec<bool>,
    too_deep: &'a Cell<bool>,
    beginning: &'a mut Beginning,
}

impl<'a, I: Iterator<Item = Event<'a>>> Iterator for Safe<'_, I> {
    type Item = Event<'a>;

    fn next(&mut self) -> Option<Event<'a>> {
        loop {
            let event = self.events.next()?;
            self.beginning.add(&event);
            match event {
                Event::Start(tag) => {
                    if self.open.len() == NESTED_MOST {
                        self.too_deep.set(true);
                        return None;
                    }
                    let is_shown = is_shown(&tag);
                    self.open.push(is_shown);
                    if is_shown {
                        return Some(Event::Start(tag));
                    }
                }
                Event::End(tag) => {
                    if self.open.pop().unwrap_or_default() {
                        return Some(Event::End(tag));
                    }
                }
                Event::Html(_) | Event::InlineHtml(_) => {}
                other => return Some(other),
            }
        }
    }
}

fn is_shown(tag: &Tag<'_>) -> bool {
    match tag {
        Tag::HtmlBlock => false,
        Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => is_harmless(dest_url),
        _ => true,
    }
}

/// Whether an address has no scheme or a harmless one. Browsers leave out white space and control characters.
fn is_harmless(address: &str) -> bool {
    let read: String =
        address.chars().filter(|letter| !letter.is_whitespace() && !letter.is_control()).collect();
    match read.split_once(':') {
        Some((before, _)) if !before.contains(['/', '?', '#']) => {
            SCHEMES.iter().any(|scheme| before.eq_ignore_ascii_case(scheme))
        }
        _ => true,
    }
}

/// The text without markup, as far as it is kept.
#[derive(Default)]
struct Beginning {
    text: String,
    characters: usize,
}

impl Beginning {
    fn add(&mut self, event: &Event<'_>) {
        match event {
            Event::Text(text) | Event::Code(text) => self.push(text),
            Event::SoftBreak | Event::HardBreak | Event::End(_) => self.push_space(event),
            _ => {}
        }
    }

    /// White space between words, and between blocks, but not behind spans.
    fn push_space(&mut self, event: &Event<'_>) {
        const SPANS: [TagEnd; 5] =
            [TagEnd::Emphasis, TagEnd::Strong, TagEnd::Strikethrough, TagEnd::Link, TagEnd::Image];
        if !matches!(event, Event::End(tag) if SPANS.contains(tag)) {
            self.push(" ");
        }
    }

    fn push(&mut self, text: &str) {
        for letter in text.chars() {
            if self.characters > BEGINNING {
                return;
            }
            let is_space = letter.is_whitespace();
            if is_space && (self.text.is_empty() || self.text.ends_with(' ')) {
                continue;
            }
            self.text.push(if is_space { ' ' } else { letter });
            self.characters += 1;
        }
    }

    /// Up to the last word that is whole.
    fn text(self) -> String {
        let text = match self.characters > BEGINNING {
            true => self.text.rsplit_once(' ').map_or(self.text.as_str(), |(words, _)| words),
            false => self.text.trim_end(),
        };
        text.chars().take(BEGINNING).collect()
    }
}

/// A text that does not grow without end.
struct Bounded(String);

impl fmt::Write for Bounded {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.0.len() + text.len() > LARGEST_HTML {
            return Err(fmt::Error);
        }
        self.0.push_str(text);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
