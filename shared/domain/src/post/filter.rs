//! The filter of lists of posts, as clients write it.

use serde::{Deserialize, Deserializer};

use super::Criterion;
use crate::InvalidValue;
use crate::rule::{read_text, schema};
use crate::specification::asking::{cannot, matching, searched, time, value};
use crate::specification::{Comparison, LONGEST, Operand, Specification, Term, parse};

const FIELDS: &str = "status, author, tag, publishedAt, title, visibility, featured";

/// A filter of posts, in a [subset of NQL](crate::specification::parse).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostFilter(Specification<Criterion>);

impl PostFilter {
    pub fn specification(&self) -> &Specification<Criterion> {
        &self.0
    }
}

impl TryFrom<String> for PostFilter {
    type Error = InvalidValue;

    fn try_from(text: String) -> Result<PostFilter, InvalidValue> {
        parse(&text, &|term| criterion(term).map(Specification::leaf)).map(PostFilter)
    }
}

fn criterion(Term { field, comparison, operand }: Term<'_>) -> Result<Criterion, InvalidValue> {
    match (field, comparison, operand) {
        ("status", Comparison::Is, Operand::Text(text)) => Ok(Criterion::Status(value(field, text)?)),
        ("author", Comparison::Is, Operand::Text(text)) => Ok(Criterion::Author(value(field, text)?)),
        ("tag", Comparison::Is, Operand::Text(text)) => Ok(Criterion::Tag(value(field, text)?)),
        ("visibility", Comparison::Is, Operand::Text(text)) => Ok(Criterion::Visibility(value(field, text)?)),
        ("featured", Comparison::Is, Operand::Text(text)) => match text.as_str() {
            "true" => Ok(Criterion::Featured(true)),
            "false" => Ok(Criterion::Featured(false)),
            _ => Err("featured must be true or false".to_owned().into()),
        },
        ("publishedAt", Comparison::Ordered(order), Operand::Text(text)) => {
            Ok(Criterion::Time(order, time(field, &text)?))
        }
        ("title", comparison, Operand::Text(text)) => {
            Ok(Criterion::Title(matching(field, comparison)?, searched(field, text)?))
        }
        ("status" | "author" | "tag" | "visibility" | "featured", ..) => {
            Err(cannot(field, "is a value, as in `status:draft`"))
        }
        ("publishedAt", ..) => {
            Err(cannot(field, "is before or after a time, as in `publishedAt:>=2026-01-01`"))
        }
        ("title", ..) => Err(cannot(field, "is a text, has one or begins with one, as in `title:~steps`")),
        _ => Err(format!("must not ask for {field}: the fields are {FIELDS}").into()),
    }
}

impl<'de> Deserialize<'de> for PostFilter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<PostFilter, D::Error> {
        read_text(deserializer, "must be a string")
    }
}

schema!(
    PostFilter,
    schemars::json_schema!({
        "type": "string", "minLength": 1, "maxLength": LONGEST,
        "examples": ["status:published+tag:[news,small-steps]"],
    })
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::post::{ListedPost, PostStatus, Visibility};

    fn filter(text: &str) -> Result<PostFilter, String> {
        PostFilter::try_from(text.to_owned()).map_err(|rule| rule.to_string())
    }

    #[test]
    fn a_filter_tells_posts_apart() {
        let id = "usr_0190b5b4a3b27c10b5a58d0a3b8a1c2d";
        let post = ListedPost {
            id: "pst_0190b5b4a3b27c10b5a58d0a3b8a1c2d".parse().unwrap(),
            title: "Åse’s small steps".to_owned().try_into().unwrap(),
            slug: "small".parse().unwrap(),
            status: PostStatus::Published,
            visibility: Visibility::Members,
            is_featured: true,
            tags: vec!["news".parse().unwrap(), "a-b".parse().unwrap()],
            authors: id.parse::<crate::id::UserId>().unwrap().into(),
            time: Some("2026-03-04T05:06:07Z".parse().unwrap()),
            changed_at: "2026-03-04T05:06:07Z".parse().unwrap(),
        };
        let of_author = format!("author:{id}");
        for (text, expected) in [
            ("status:published", true),
            ("status:[draft,scheduled]", false),
            ("tag:news+tag:a-b", true),
            ("tag:-news,tag:a", false),
            (&of_author, true),
            ("author:-usr_0190b5b4a3b27c10b5a58d0a3b8a1c2e+featured:true", true),
            ("visibility:public", false),
            ("publishedAt:>=2026-03-04+publishedAt:<2026-03-05", true),
            ("title:~ASE", true),
            ("title:~^small", false),
        ] {
            let filter = filter(text).unwrap_or_else(|rule| panic!("{text}: {rule}"));
            assert_eq!(filter.specification().holds(&|asked| post.meets(asked)), expected, "{text}");
        }
        let draft = ListedPost { time: None, ..post };
        let asked = filter("publishedAt:<2100-01-01").unwrap();
        assert!(!asked.specification().holds(&|asked| draft.meets(asked)));
    }

    #[test]
    fn what_cannot_be_asked_is_named() {
        for (text, rule) in [
            ("html:x", "must not ask for html: the fields are status, author, tag, publishedAt"),
            ("status:gone", "status must be one of: draft, scheduled, published"),
            ("author:ada", "author must be an id like usr_"),
            ("tag:'A B'", "tag must be lower-case letters and digits"),
            ("tag:null", "must ask of tag whether it is a value"),
            ("featured:yes", "featured must be true or false"),
            ("publishedAt:2026-01-01", "must ask of publishedAt whether it is before or after a time"),
            ("title:~a", "title must be 2 to 100 characters long"),
        ] {
            let told = filter(text).unwrap_err();
            assert!(told.starts_with(rule), "{text}: {told}");
        }
    }
}
