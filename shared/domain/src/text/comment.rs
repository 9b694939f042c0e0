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
    form: |text| several_lines(text).and_then(|()| something_visible(text)),
    patterns: &[NO_CONTROL, SOMETHING_VISIBLE],
    normal: |text| text.trim().to_owned(),
};
const NO_CONTROL: &str =
    r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufdd0-\ufdef\ufffe\uffff]*$";
/// Without the ignorable characters beyond U+FFFF, for which dialects of patterns agree on no escape.
const SOMETHING_VISIBLE: &str = concat!(
    r"[^\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e",
    r"\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8]",
);
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
    /// Reads a text as it is stored, maybe of before something in it had to be visible.
    pub fn from_stored(text: String) -> Result<CommentText, InvalidValue> {
        Rule { form: several_lines, ..COMMENT }.validate(text).map(CommentText)
    }

    /// The first of the words that stands in the text.
    pub fn first_of<'a>(
        &self,
        blocked: impl IntoIterator<Item = &'a BlockedWord>,
    ) -> Option<&'a BlockedWord> {
        let mut texts = None;
        let mut blocked = blocked.into_iter();
        blocked.find(|word| {
            let texts = texts.get_or_insert_with(|| spellings_of(&self.0));
            texts.iter().zip(spellings_of(&word.0)).any(|(text, word)| text.contains(&word))
        })
    }
}

/// The words of a text in their order, with spaces between and around them. Punctuation either ends a word or is within
/// one: "well-known, c.a.s.i.n.o" is read as " well known c a s i n o " and as " wellknown casino ".
fn spellings_of(text: &str) -> [String; 2] {
    let visible: String = text.chars().filter(|character| !is_ignorable(*character)).collect();
    let folded = folded(&visible);
    let is_punctuation = |letter: char| !letter.is_alphanumeric();
    let joined = folded.split_whitespace().map(|word| word.replace(is_punctuation, ""));
    [spaced(folded.split(is_punctuation)), spaced(joined)]
}

fn spaced(words: impl Iterator<Item: AsRef<str>>) -> String {
    let add = |all: String, word: &str| if word.is_empty() { all } else { all + word + " " };
    words.fold(" ".to_owned(), |all, word| add(all, word.as_ref()))
}

fn has_a_word(text: &str) -> Result<(), InvalidValue> {
    let [words, _] = spellings_of(text);
    match words.trim().is_empty() {
        true => Err(InvalidValue::new("must have a letter or a digit")),
        false => Ok(()),
    }
}

fn something_visible(text: &str) -> Result<(), InvalidValue> {
    match text.chars().all(|character| character.is_whitespace() || is_ignorable(character)) {
        true => Err(InvalidValue::new("must have a character that can be seen")),
        false => Ok(()),
    }
}

/// Whether nothing is shown for the character: Unicode's `Default_Ignorable_Code_Point`.
fn is_ignorable(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::patterns_agree;
    use super::*;

    fn comment(text: &str) -> Result<CommentText, InvalidValue> {
        text.to_owned().try_into()
    }

    #[test]
    fn a_comment_is_text_without_white_space_at_its_ends() {
        assert_eq!(comment(" <b>two</b>\nlines\t ").unwrap().as_str(), "<b>two</b>\nlines");
        let most = "é".repeat(LONGEST_COMMENT);
        let unseen = ["\u{200b}", "\u{ad}\n\u{feff}", "\u{3164}\u{e0020}"];
        for broken in ["", " \n\t ", "\u{0}", "a\u{fffe}", &format!("{most}é")].into_iter().chain(unseen) {
            assert!(comment(broken).is_err(), "{broken:.20}");
        }
        assert!(unseen.into_iter().all(|text| CommentText::from_stored(text.to_owned()).is_ok()));
        assert!(CommentText::from_stored("\u{0}".to_owned()).is_err());
        for seen in ["1", "…", "\u{200b}🦀", "👨\u{200d}👩", "\u{600}"] {
            assert!(comment(seen).is_ok(), "{seen}");
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
        let hidden =
            ["cas.ino", "c-a-s-i-n-o!", "(C.A.S.I.N.O)", "cas\u{200b}ino", "cas\u{ad}ino", "ca\u{3164}sino"];
        for text in hidden.into_iter().chain(["casino/roulette", "visit:casino"]) {
            assert_eq!(found(text), Some("casino"), "{text:?}");
        }
        assert_eq!(found("b.u.y - n-o-w"), Some("buy now"));
        for other in ["occasino", "cas ino", "cas.inos", "buy-it-now"] {
            assert_eq!(found(other), None, "{other:?}");
        }
        assert!(BlockedWord::try_from("!!!".to_owned()).is_err());
        let ass: BlockedWord = "ass".to_owned().try_into().unwrap();
        assert_eq!(comment("A class, as.sure as can be.").unwrap().first_of([&ass]), None);
    }

    proptest! {
        #[test]
        fn the_schema_of_a_comment_agrees_with_its_parser(
            text in "[\u{ad}\u{200a}-\u{2010}\u{2060}-\u{2070}\u{fe00}-\u{fe10}\u{feff}\u{3164} \n\tab\u{0}\u{ffff}]{1,4}"
        ) {
            prop_assert!(patterns_agree(&COMMENT, &text), "{:?}", text);
        }
    }
}
