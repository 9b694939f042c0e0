//! Texts of comments, and the words that are blocked in them.

use std::fmt;

use super::post::several_lines;
use super::{NAME, ONE_TRIMMED_LINE, Rule, one_trimmed_line};
use crate::folding::folded;
use crate::rule::{InvalidValue, read_text, schema};

/// The number of characters of the longest comment that a tenant can allow.
const LONGEST_COMMENT: usize = 10_000;

const COMMENT: Rule = Rule {
    shortest: 1,
    longest: LONGEST_COMMENT,
    form: comment,
    patterns: &[r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufdd0-\ufdef\ufffe\uffff]*$", r"\S"],
    normal: |text| text.trim().to_owned(),
};
const BLOCKED: Rule = Rule {
    longest: 50,
    form: |text| one_trimmed_line(text).and_then(|()| has_a_word(text)),
    patterns: &[ONE_TRIMMED_LINE],
    ..NAME
};

text!(
    /// What somebody has commented. It is text, and no HTML: whoever shows it escapes it.
    CommentText, COMMENT, personal, "That is how we do it, too."
);
text!(
    /// A word, or several, that no comment may have. Case, accents and punctuation make no difference.
    BlockedWord, BLOCKED, public, "casino"
);

impl CommentText {
    /// The first of the words that stands in the text.
    pub fn first_of<'a>(
        &self,
        blocked: impl IntoIterator<Item = &'a BlockedWord>,
    ) -> Option<&'a BlockedWord> {
        let mut words = None;
        let mut blocked = blocked.into_iter();
        blocked.find(|word| words.get_or_insert_with(|| words_of(&self.0)).contains(&words_of(&word.0)))
    }
}

/// The words in their order, with spaces between and around them.
fn words_of(text: &str) -> String {
    let folded = folded(text);
    let words = folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.fold(" ".to_owned(), |all, word| all + word + " ")
}

fn has_a_word(text: &str) -> Result<(), InvalidValue> {
    match words_of(text).trim().is_empty() {
        true => Err(InvalidValue::new("must have a letter or a digit")),
        false => Ok(()),
    }
}

fn comment(text: &str) -> Result<(), InvalidValue> {
    if text.trim().is_empty() {
        return Err(InvalidValue::new("must not be white space alone"));
    }
    several_lines(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comment(text: &str) -> Result<CommentText, InvalidValue> {
        text.to_owned().try_into()
    }

    #[test]
    fn a_comment_is_text_without_white_space_at_its_ends() {
        assert_eq!(comment(" <b>two</b>\nlines\t ").unwrap().as_str(), "<b>two</b>\nlines");
        let most = "é".repeat(LONGEST_COMMENT);
        for broken in ["", " \n\t ", "\u{0}", "a\u{fffe}", &format!("{most}é")] {
            assert!(comment(broken).is_err(), "{broken:.20}");
        }
        assert!(comment(&most).is_ok());
        assert_eq!(format!("{:?}", comment("secret").unwrap()), "CommentText(…)");
    }

    #[test]
    fn blocked_words_are_found_as_words_in_any_spelling() {
        let blocked: Vec<BlockedWord> =
            ["casino", "buy now", "Übel"].map(|word| word.to_owned().try_into().unwrap()).into();
        let found = |text: &str| comment(text).unwrap().first_of(&blocked).map(|word| word.as_str());
        assert_eq!(found("The best CASINO!"), Some("casino"));
        assert_eq!(found("Buy…\nnow"), Some("buy now"));
        assert_eq!(found("ubel"), Some("Übel"));
        assert_eq!(found("casinos, buy it now"), None);
        assert!(BlockedWord::try_from("!!!".to_owned()).is_err());
    }
}
