//! Texts without case and accents, by which people search and sort.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The text without case, accents and variants of letters: "Émile Straße" and "emile strasse" are alike. Letters of
/// their own, such as ø and ł, stay.
pub(crate) fn folded(text: &str) -> String {
    // By upper case, since two letters may have one there: ß and ss, ς and σ.
    let lower = text.nfkd().flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    lower.collect::<String>().nfkd().filter(|character| !is_combining_mark(*character)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn case_accents_and_variants_are_folded() {
        for (text, expected) in [
            ("Ada Admin", "ada admin"),
            ("Émile", "emile"),
            ("E\u{301}mile", "emile"),
            ("ÅNGSTRÖM", "angstrom"),
            ("Straße", "strasse"),
            ("STRASSE", "strasse"),
            ("Οδυσσεύς", "οδυσσευσ"),
            ("ΟΔΥΣΣΕΎΣ", "οδυσσευσ"),
            ("Ｗｉｄｅ ﬁ", "wide fi"),
            ("İstanbul", "istanbul"),
            ("Søren Łukasz", "søren łukasz"),
            ("山田 太郎", "山田 太郎"),
        ] {
            assert_eq!(folded(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in "\\PC{0,20}") {
            let once = folded(&text);
            prop_assert_eq!(folded(&once), once);
        }
    }
}
