//! The pages of problem types.

use platform::http::{Explanation, PROBLEMS, ProblemType};

/// The page of a problem type in HTML; `None` for an unknown type.
pub fn page(slug: &str) -> Option<String> {
    let found = ProblemType::ALL.iter().map(|kind| kind.explain()).find(|page| page.slug == slug)?;
    let Explanation { slug, status, title, cause, fix, example } = found;
    Some(format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
         <h1>{title}</h1>\n\
         <p><code>{PROBLEMS}{slug}</code>, status {status}</p>\n\
         <h2>Cause</h2>\n<p>{cause}</p>\n\
         <h2>What to do</h2>\n<p>{fix}</p>\n\
         <h2>Example</h2>\n<pre>{{\n  \"type\": \"{PROBLEMS}{slug}\",\n  \"title\": \"{title}\",\n  \
         \"status\": {status},\n  \"detail\": \"{example}\",\n  \"requestId\": \"…\"\n}}</pre>\n</html>\n"
    ))
}
