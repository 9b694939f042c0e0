//! Texts of posts and tags.

use std::fmt;

use super::{NAME, ONE_TRIMMED_LINE, Rule, is_noncharacter, one_trimmed_line};
use crate::id::PostId;
use crate::rule::{InvalidValue, read_text, schema};

/// The number of bytes of the longest Markdown.
const LONGEST_MARKDOWN: usize = 256 * 1024;
/// The number of characters of the shortest Markdown, without white space at either end.
const SHORTEST_MARKDOWN: usize = 10;
const LONGEST_SLUG: usize = 100;
/// What a number behind a slug may take of it.
const ROOM: usize = 16;
/// How many numbers a derived slug may get.
const NUMBERED_MOST: u32 = 9;

/// What frontends have pages of their own for.
const RESERVED: [&str; 24] = [
    "about", "account", "admin", "amp", "api", "archive", "assets", "author", "authors", "content", "edit",
    "feed", "login", "logout", "members", "new", "page", "preview", "rss", "search", "sitemap", "static",
    "tag", "tags",
];

const TITLE: Rule = Rule { shortest: 3, longest: 200, ..NAME };
const LINE: Rule = Rule { longest: 300, ..NAME };
const PARAGRAPH: Rule = Rule { longest: 500, ..NAME };
const TAG: Rule = Rule { form: tag, patterns: &[ONE_TRIMMED_LINE], ..NAME };
const POST_SLUG: Rule = Rule {
    shortest: 1,
    longest: LONGEST_SLUG,
    form: |text| spelled(text).and_then(|()| not_reserved(text)),
    patterns: &[SPELLED],
    normal: |text| text,
};
const TAG_SLUG: Rule = Rule { form: spelled, ..POST_SLUG };
const MARKDOWN: Rule = Rule {
    shortest: SHORTEST_MARKDOWN,
    longest: LONGEST_MARKDOWN,
    form: markdown,
    patterns: &[
        r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufdd0-\ufdef\ufffe\uffff]*$",
        r"\S[\s\S]{8,}\S",
    ],
    normal: |text| text,
};
const SPELLED: &str = "^[a-z0-9]+(-[a-z0-9]+)*$";

text!(PostTitle, TITLE, public, "What we have learned");
text!(
    /// What a post says in short, in its author's words.
    Excerpt, LINE, public, "A year of small steps."
);
text!(
    /// The title that search engines and link previews show.
    SeoTitle, LINE, public, "What we have learned in a year"
);
text!(
    /// The description that search engines and link previews show.
    SeoDescription, PARAGRAPH, public, "A year of small steps, and what they have led to."
);
text!(
    /// The body of a post, in Markdown.
    Markdown, MARKDOWN, personal, "A year of *small* steps."
);
text!(
    /// The name of a tag. Names with one slug are one tag.
    TagName, TAG, public, "Small steps"
);
text!(
    /// By which a post is found in addresses. No two posts of a tenant have one at the same time.
    PostSlug, POST_SLUG, public, "what-we-have-learned"
);
text!(
    /// By which a tag is known.
    TagSlug, TAG_SLUG, public, "small-steps"
);

impl fmt::Display for PostSlug {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Display for TagSlug {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::str::FromStr for TagSlug {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<TagSlug, InvalidValue> {
        text.to_owned().try_into()
    }
}

impl std::str::FromStr for PostSlug {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<PostSlug, InvalidValue> {
        text.to_owned().try_into()
    }
}

impl PostSlug {
    /// The slugs of a post with this title, best first. The last one has digits of the id, and nobody else has it.
    pub fn derived(title: &PostTitle, id: PostId) -> Vec<PostSlug> {
        let id = id.uuid().simple().to_string();
        let digits = &id[id.len() - 12..];
        let base = match ascii_words(&title.0, LONGEST_SLUG - ROOM) {
            nothing if nothing.is_empty() => return vec![PostSlug(format!("post-{digits}"))],
            reserved if not_reserved(&reserved).is_err() => format!("{reserved}-post"),
            base => base,
        };
        let numbered = (2..=NUMBERED_MOST).map(|number| format!("{base}-{number}"));
        let last = format!("{base}-{digits}");
        [base.clone()].into_iter().chain(numbered).chain([last]).map(PostSlug).collect()
    }
}

impl TagName {
    pub fn slug(&self) -> TagSlug {
        TagSlug(ascii_words(&self.0, LONGEST_SLUG))
    }
}

/// The text's letters and digits as ASCII in lower case, with hyphens between words.
fn ascii_words(text: &str, longest: usize) -> String {
    let ascii = deunicode::deunicode_with_tofu(text, " ").to_ascii_lowercase().replace(['\'', '’'], "");
    let mut slug = String::new();
    for word in ascii.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        let separator = usize::from(!slug.is_empty());
        if slug.len() + separator + word.len() > longest {
            if slug.is_empty() {
                slug.push_str(&word[..longest]);
            }
            break;
        }
        slug.push_str(&"-"[..separator]);
        slug.push_str(word);
    }
    slug
}

fn spelled(text: &str) -> Result<(), InvalidValue> {
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    match text.split('-').all(is_word) {
        true => Ok(()),
        false => {
            Err(InvalidValue::new("must be lower-case letters and digits, with single hyphens between them"))
        }
    }
}

fn not_reserved(text: &str) -> Result<(), InvalidValue> {
    match RESERVED.contains(&text) {
        true => Err(InvalidValue::new("must not be a word that addresses of pages are reserved for")),
        false => Ok(()),
    }
}

fn tag(text: &str) -> Result<(), InvalidValue> {
    one_trimmed_line(text)?;
    match ascii_words(text, LONGEST_SLUG).is_empty() {
        true => Err(InvalidValue::new("must have a letter or a digit")),
        false => Ok(()),
    }
}

fn markdown(text: &str) -> Result<(), InvalidValue> {
    if text.len() > LONGEST_MARKDOWN {
        return Err(format!("must be at most {LONGEST_MARKDOWN} bytes long").into());
    }
    if text.trim().chars().count() < SHORTEST_MARKDOWN {
        return Err(format!("must have {SHORTEST_MARKDOWN} characters between white space").into());
    }
    several_lines(text)
}

/// Checks what a text of several lines must not contain.
pub(super) fn several_lines(text: &str) -> Result<(), InvalidValue> {
    if text.chars().any(|letter| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t')) {
        return Err(InvalidValue::new("must not contain control characters but tabs and ends of lines"));
    }
    match text.chars().any(is_noncharacter) {
        true => Err(InvalidValue::new("must not contain noncharacters, such as U+FFFE and U+FFFF")),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn derived(title: &str) -> Vec<String> {
        let id = PostId::from_uuid(Uuid::from_u128(0xabcdef));
        let slugs = PostSlug::derived(&title.to_owned().try_into().unwrap(), id);
        slugs.iter().map(PostSlug::to_string).collect()
    }

    fn rule<T: TryFrom<String, Error = InvalidValue>>(text: &str) -> Option<String> {
        T::try_from(text.to_owned()).err().map(|rule| rule.to_string())
    }

    #[test]
    fn a_slug_is_the_title_in_ascii() {
        for (title, slug) in [
            ("What we have learned", "what-we-have-learned"),
            ("  Åse’s “Smörgåsbord”…  ".trim(), "ases-smorgasbord"),
            ("北京 2026", "bei-jing-2026"),
            ("Привет, мир!", "privet-mir"),
            ("Über C++ & Rust", "uber-c-rust"),
            ("RSS", "rss-post"),
            ("🎉🎉🎉", "tada-tada-tada"),
        ] {
            assert_eq!(derived(title)[0], slug, "{title}");
        }
        assert_eq!(derived("?!…")[0], "post-000000abcdef", "nothing is left of it");
    }

    #[test]
    fn the_slugs_of_a_title_differ_and_end_with_one_that_nobody_has() {
        let slugs = derived("Untitled");
        assert_eq!((slugs[0].as_str(), slugs[1].as_str()), ("untitled", "untitled-2"));
        assert_eq!(slugs.last().unwrap(), "untitled-000000abcdef");
        for title in ["x".repeat(200), "two words ".repeat(20).trim().to_owned(), "東".repeat(200)] {
            for slug in derived(&title) {
                assert_eq!(rule::<PostSlug>(&slug), None, "{slug}");
            }
        }
    }

    #[test]
    fn what_is_no_slug_is_refused() {
        for slug in
            ["", "-", "a--b", "-a", "a-", "A", "é", "🎉", "a b", "a_b", "pst_1", &"a".repeat(101), "tags"]
        {
            assert!(rule::<PostSlug>(slug).is_some(), "{slug}");
        }
        for slug in ["a", "2026", "a-1", &"a".repeat(100)] {
            assert_eq!(rule::<PostSlug>(slug), None, "{slug}");
        }
    }

    #[test]
    fn titles_tags_and_bodies_keep_their_rules() {
        for title in ["ab", "   ", " abc", &"x".repeat(201), "a\nb c"] {
            assert!(rule::<PostTitle>(title).is_some(), "{title}");
        }
        for tag in ["", "!!!", " a", &"x".repeat(101)] {
            assert!(rule::<TagName>(tag).is_some(), "{tag}");
        }
        assert_eq!(TagName::try_from("Rust & AWS".to_owned()).unwrap().slug().as_str(), "rust-aws");
        let short = "must have 10 characters between white space";
        assert_eq!(rule::<Markdown>("   123456789   ").as_deref(), Some(short));
        for text in [" 123456789\n0\t", &"é".repeat(LONGEST_MARKDOWN / 2)] {
            assert_eq!(rule::<Markdown>(text), None);
        }
        for text in ["123456789\u{0}0", "123456789\u{fffe}0", &"é".repeat(LONGEST_MARKDOWN / 2 + 1)] {
            assert!(rule::<Markdown>(text).is_some());
        }
    }
}
