//! What a mail says. Its words stand once, and both parts of the mail are made of them.

use domain::locale::Locale;

/// The words of a mail: a greeting, which names nobody, and paragraphs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    locale: Locale,
    subject: String,
    paragraphs: Vec<Paragraph>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Paragraph {
    Text(String),
    Link { label: String, url: String },
}

impl Letter {
    /// Control characters of the subject become spaces: it is a header's line.
    pub fn new(locale: Locale, subject: impl Into<String>) -> Self {
        let subject = subject.into().replace(char::is_control, " ");
        Self { locale, subject, paragraphs: Vec::new() }
    }

    pub fn say(mut self, text: impl Into<String>) -> Self {
        self.paragraphs.push(Paragraph::Text(text.into()));
        self
    }

    /// A link, whose URL stands in full in the text part.
    pub fn link(mut self, label: impl Into<String>, url: impl Into<String>) -> Self {
        self.paragraphs.push(Paragraph::Link { label: label.into(), url: url.into() });
        self
    }

    pub(super) fn subject(&self) -> &str {
        &self.subject
    }

    /// The part in plain text.
    pub fn text(&self) -> String {
        let paragraphs = self.paragraphs.iter().map(|paragraph| match paragraph {
            Paragraph::Text(text) => format!("\n{text}\n"),
            Paragraph::Link { label, url } => format!("\n{label}:\n{url}\n"),
        });
        std::iter::once(format!("{}\n", self.greeting())).chain(paragraphs).collect()
    }

    /// The part in HTML. It loads nothing, so that no mail tells that it was opened.
    pub fn html(&self) -> String {
        let paragraphs = self.paragraphs.iter().map(|paragraph| match paragraph {
            Paragraph::Text(text) => format!("<p>{}</p>\n", escaped(text)),
            Paragraph::Link { label, url } => {
                format!("<p><a href=\"{}\" style=\"{LINK}\">{}</a></p>\n", escaped(url), escaped(label))
            }
        });
        let paragraphs: String = paragraphs.collect();
        let (language, subject, greeting) =
            (self.locale.as_str(), escaped(&self.subject), escaped(self.greeting()));
        format!(
            "<!doctype html>\n<html lang=\"{language}\">\n<head><meta charset=\"utf-8\"><title>{subject}</title></head>\n\
             <body style=\"{BODY}\">\n<p>{greeting}</p>\n{paragraphs}</body>\n</html>\n"
        )
    }

    fn greeting(&self) -> &'static str {
        match self.locale {
            Locale::English => "Hello,",
            Locale::German => "Guten Tag,",
        }
    }
}

const BODY: &str = "font:16px/1.5 sans-serif;color:#1c2430;max-width:36em;margin:0 auto;padding:1em";
const LINK: &str = "display:inline-block;padding:.6em 1.2em;background:#1c4fa0;color:#fff;text-decoration:none;border-radius:4px";

/// The text as it stands in HTML, also between quotation marks.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_parts_say_the_same_in_the_language_of_the_letter() {
        for (locale, greeting, language) in
            [(Locale::English, "Hello,", "lang=\"en\""), (Locale::German, "Guten Tag,", "lang=\"de\"")]
        {
            let letter =
                Letter::new(locale, "Größe").say("Über uns.").link("Öffnen", "https://a.example/#t=1");
            let (text, html) = (letter.text(), letter.html());
            assert_eq!(text, format!("{greeting}\n\nÜber uns.\n\nÖffnen:\nhttps://a.example/#t=1\n"));
            for part in [greeting, language, "<title>Größe</title>", "<p>Über uns.</p>", ">Öffnen</a>"] {
                assert!(html.contains(part), "{part} is not in {html}");
            }
            assert!(html.contains("href=\"https://a.example/#t=1\""), "{html}");
        }
    }

    #[test]
    fn no_value_becomes_markup() {
        let hostile = "\"><script>alert('1')</script>&amp;";
        let good = Letter::new(Locale::English, "").say("").link("", "").html();
        let html = Letter::new(Locale::English, hostile).say(hostile).link(hostile, hostile).html();
        for mark in ['<', '>', '"', '\''] {
            assert_eq!(html.matches(mark).count(), good.matches(mark).count(), "{mark} in {html}");
        }
        assert_eq!(html.matches("&amp;amp;").count(), 4, "{html}");
    }

    #[test]
    fn a_subject_is_one_line() {
        let letter = Letter::new(Locale::English, "Welcome\r\nBcc: eve@example.com");
        assert_eq!(letter.subject(), "Welcome  Bcc: eve@example.com");
    }
}
