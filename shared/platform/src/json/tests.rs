use serde::Deserialize;

use super::*;

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum View {
    Web,
    Mobile,
}

fn read<T: for<'de> Deserialize<'de>>(text: &str) -> Result<T, Unreadable> {
    T::deserialize(Json::parse(text)?)
}

fn broken<T: for<'de> Deserialize<'de> + fmt::Debug>(text: &str) -> String {
    read::<T>(text).unwrap_err().to_string()
}

#[test]
fn values_are_read_as_json_means_them() {
    assert_eq!(read::<Option<u64>>(" null "), Ok(None));
    assert_eq!(read::<Option<u64>>("7"), Ok(Some(7)));
    assert_eq!(read::<Vec<Option<bool>>>("[true, null]"), Ok(vec![Some(true), None]));
    assert_eq!(read::<i64>("-7"), Ok(-7));
    assert_eq!(read::<u64>("18446744073709551615"), Ok(u64::MAX));
    assert_eq!(read::<f64>("18446744073709551616"), Ok(18_446_744_073_709_551_616.0));
    assert_eq!(read::<String>(r#""\ud83d\ude00""#), Ok("😀".to_owned()));
    assert_eq!(read::<View>("\"mobile\""), Ok(View::Mobile));
}

#[test]
fn what_is_no_such_value_breaks_a_rule() {
    for enumeration in ["\"desk\"", "null", "7", "{}", "[\"web\"]"] {
        assert_eq!(broken::<View>(enumeration), "must be one of: web, mobile", "{enumeration}");
    }
    for number in ["-1", "1.5", "1e400", "-0", "18446744073709551616", "\"1\"", "null", "[]"] {
        assert!(matches!(read::<u64>(number), Err(Unreadable::BrokenRule(_))), "{number}");
    }
}

#[test]
fn what_is_not_json_is_told_apart() {
    for text in ["", "{", "[1,]", "01", "1 2", "\u{feff}1", "'a'", "nul", r#"{"a":1"#] {
        assert!(matches!(read::<Option<u64>>(text), Err(Unreadable::NotJson(_))), "{text}");
    }
    for half in [r#""\ud800""#, r#""\udc00""#] {
        assert_eq!(broken::<String>(half), "not JSON: an escape stands for half of a character");
    }
    let key = r#"{"\ud800":1}"#;
    assert_eq!(broken::<std::collections::BTreeMap<String, u64>>(key), broken::<String>(r#""\ud800""#));
}

/// The reader goes no deeper than the type that it reads, so that nesting costs no stack.
#[test]
fn depth_beyond_the_type_is_passed_over() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(matches!(read::<u64>(&deep), Err(Unreadable::BrokenRule(_))));
    assert!(read::<serde::de::IgnoredAny>(&deep).is_ok());
}
