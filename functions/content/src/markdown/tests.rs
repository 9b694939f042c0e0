use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;

fn rendered(markdown: &str) -> Result<Body, Refused> {
    render(markdown.to_owned().try_into().unwrap())
}

fn html(markdown: &str) -> String {
    rendered(markdown).unwrap().html
}

#[test]
fn ordinary_markdown_becomes_html() {
    assert_eq!(html("# Title\n\nA *small* step."), "<h1>Title</h1>\n<p>A <em>small</em> step.</p>\n");
    assert!(html("| a | b |\n|---|---|\n| 1 | 2 |").contains("<td>1</td>"));
    assert!(html("~~gone~~ and `code` & more").contains("<del>gone</del> and <code>code</code> &amp; more"));
    for address in
        ["https://terrace.example/a?b=c:d", "/posts/a:b", "#a:b", "?a:b", "mailto:ada@acme.example"]
    {
        assert!(html(&format!("[a link to it]({address})")).contains("<a href="), "{address}");
    }
}

#[test]
fn no_script_no_event_attribute_and_no_other_scheme_is_left() {
    for markdown in [
        "<script>alert(1)</script> and text",
        "text <script>alert(1)</script>",
        "text <img src=x onerror=alert(1)>",
        "<div onclick=\"alert(1)\">\n\ntext\n\n</div>",
        "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
        "<svg/onload=alert(1)> and text",
        "[a link](javascript:alert(1))",
        "[a link](JaVaScRiPt:alert(1))",
        "[a link](java\tscript:alert(1))",
        "[a link](&#106;avascript:alert(1))",
        "[a link](<\u{1}javascript:alert(1)>)",
        "[a link]\n\n[a link]: javascript:alert(1)",
        "<javascript:alert(1)> and text",
        "[a link](data:text/html;base64,PHNjcmlwdD4=)",
        "![an image](data:image/svg+xml;base64,PHN2Zz4=)",
        "[a link](vbscript:msgbox(1))",
        "[a link](file:///etc/passwd)",
        "![a ![b](javascript:alert(1)) c](javascript:alert(2))",
    ] {
        let Ok(markdown) = Markdown::try_from(markdown.to_owned()) else { continue };
        let html = render(markdown.clone()).unwrap().html;
        assert_eq!(broken(&html), None, "{markdown:?}: {html}");
        for part in ["<script", "<img", "<iframe", "<svg", "<div", "href=", "src="] {
            assert!(!html.contains(part), "{markdown:?}: {html}");
        }
    }
    let escaped = html(r#"[a link](https://a.example/"onclick="alert(1)) and `<script>`"#);
    assert_eq!(broken(&escaped), None, "{escaped}");
    assert!(escaped.contains("&lt;script&gt;"), "{escaped}");
}

/// What of the HTML is none of the elements and attributes that the renderer may write.
fn broken(html: &str) -> Option<String> {
    const ELEMENTS: &[&str] = &[
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "pre",
        "code",
        "ul",
        "ol",
        "li",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "em",
        "strong",
        "del",
        "a",
        "img",
        "hr",
        "br",
        "input",
        "sup",
        "div",
    ];
    const ATTRIBUTES: &[&str] =
        &["href", "src", "alt", "title", "start", "class", "id", "type", "disabled", "checked", "style"];
    let mut rest = html;
    while let Some((_, tag)) = rest.split_once('<') {
        let Some((tag, after)) = tag.split_once('>') else { return Some(tag.to_owned()) };
        rest = after;
        let tag = tag.trim_start_matches('/').trim_end_matches('/').trim();
        let (element, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        if !ELEMENTS.contains(&element) {
            return Some(tag.to_owned());
        }
        for (index, part) in attributes.split('"').enumerate() {
            let names = part.split([' ', '=']).filter(|name| !name.is_empty());
            if index % 2 == 0 && names.into_iter().any(|name| !ATTRIBUTES.contains(&name)) {
                return Some(tag.to_owned());
            }
        }
    }
    None
}

proptest! {
    #[test]
    fn whatever_is_written_has_known_elements_and_attributes_alone(
        markdown in "([a-z ]{0,9}|[<>\\[\\]()!*_`#|\"'=&;:/\\\\~-]{1,6}|\n|<[a-z]{1,6} on[a-z]{2,5}=\"x\">|\\]\\(javascript:|&#[0-9]{2,3};){4,30}",
    ) {
        let body = Markdown::try_from(markdown).ok().and_then(|markdown| render(markdown).ok());
        if let Some(Body { html, .. }) = body {
            prop_assert_eq!(broken(&html), None, "{}", html);
        }
    }
}

/// Each of them is as long as Markdown may be. What takes minutes elsewhere ends in a moment.
#[test]
fn bombs_are_refused_or_rendered_in_a_moment() {
    const LONGEST: usize = 256 * 1024;
    let filled = |part: &str| part.repeat(LONGEST / part.len());
    let row = format!("|{}\n", "a|".repeat(500));
    let wide = "x|".repeat(20_000);
    for (name, markdown, refused) in [
        ("quotes", filled(">"), Some(Refused::TooDeep)),
        (
            "lists",
            (0..700).map(|depth| format!("{}- a\n", "  ".repeat(depth))).collect::<String>()[..LONGEST]
                .to_owned(),
            Some(Refused::TooDeep),
        ),
        ("brackets", filled("["), None),
        ("links", filled("[a]("), None),
        ("images", filled("![a]("), None),
        ("emphasis", filled("*a **a "), None),
        ("stars", filled("*"), None),
        ("backticks", (1..700).map(|count| format!("{} ", "`".repeat(count))).collect::<String>(), None),
        ("html", filled("<a <!-- "), None),
        ("entities", filled("&amp;&#0;"), None),
        (
            "table",
            row.clone() + &format!("|{}\n", "-|".repeat(500)) + &row.repeat(240),
            Some(Refused::TooLong),
        ),
        ("cells", format!("{wide}\n{}\n{}", "-|".repeat(20_000), "a\n".repeat(80_000)), None),
        ("references", format!("[a]: /{}\n\n{}", "x".repeat(60_000), "[a] ".repeat(45_000)), None),
        ("footnotes", (0..12_000).map(|number| format!("[^{number}]: [^{number}]\n\n")).collect(), None),
    ] {
        let begun = Instant::now();
        let outcome = rendered(&markdown);
        let taken = begun.elapsed();
        println!("{name}: {taken:?}, {:?}", outcome.as_ref().map(|body| body.html.len()));
        assert!(taken < Duration::from_secs(20), "{name}: {taken:?}");
        if refused.is_some() {
            assert_eq!(outcome.err(), refused, "{name}");
        }
    }
}

#[test]
fn the_beginning_is_text_up_to_a_whole_word() {
    let body =
        rendered("# Title\n\nA *small*, [linked](https://a.example) `step`\nand <b>more</b>.").unwrap();
    assert_eq!(body.beginning, "Title A small, linked step and more.");
    let words = "word ".repeat(100);
    let beginning = rendered(&words).unwrap().beginning;
    assert_eq!(beginning, words[..299].trim_end());
    assert_eq!(rendered(&"東".repeat(400)).unwrap().beginning, "東".repeat(300));
}
