//! Requests to the operators' API.

use client::{Keys, Operator, Request, Response};
use form_urlencoded::Serializer;
use serde_json::{Value, json};

use crate::failure::{Failure, printable};

/// The most that the API gives at once.
const LARGEST_PAGE: usize = 100;

pub(crate) struct Api {
    http: Operator,
    /// That of the keys.
    id: String,
}

/// A resource as it was read, to be changed on the condition that it still is.
pub(crate) struct Known {
    pub(crate) view: Value,
    path: String,
    etag: String,
    /// Where it stands who has changed it.
    audit: String,
}

impl Api {
    pub(crate) fn new(base: &str, id: String, keys: Keys) -> Api {
        Api { http: Operator::new(base, keys), id }
    }

    pub(crate) fn get(&self, path: &str) -> Result<Response, Failure> {
        self.send(self.http.get(path))
    }

    /// Sends the key, and says so before, since a repetition needs it if no answer arrives.
    pub(crate) fn post_keyed(
        &self,
        path: &str,
        body: &Value,
        key: Option<&str>,
    ) -> Result<Response, Failure> {
        let key = key.map_or_else(|| uuid::Uuid::now_v7().to_string(), str::to_owned);
        eprintln!("If no answer arrives, repeat the same command with --key {key}");
        let response = self.send(self.http.post(path, body).header("idempotency-key", &key))?;
        if response.header("idempotency-replayed").is_some() {
            eprintln!("This was done before, with this key. The answer is that of then.");
        }
        Ok(response)
    }

    pub(crate) fn read(&self, path: String, audit: String) -> Result<Known, Failure> {
        let response = self.get(&path)?;
        let etag = response.header("etag").map(str::to_owned);
        let etag = etag.ok_or_else(|| Failure::Unknown(format!("{path} has no ETag")))?;
        Ok(Known { view: response.json(), path, etag, audit })
    }

    /// `below` is the path below that of what is known.
    pub(crate) fn change(
        &self,
        known: &Known,
        method: &str,
        below: &str,
        body: &Value,
    ) -> Result<Response, Failure> {
        let request = self.http.with_body(method, &format!("{}{below}", known.path), body);
        self.send(request.header("if-match", &known.etag)).map_err(|failure| match failure {
            Failure::Refused { status: 412, .. } => self.changed(&known.audit),
            other => other,
        })
    }

    /// Names who was last, as far as the audit can tell.
    fn changed(&self, audit: &str) -> Failure {
        let newest = self.get(&format!("{audit}?limit=1")).map(|response| response.json()["items"][0].take());
        let who = match newest {
            Ok(entry) if entry.is_object() => format!("\nThe newest entry of {audit}: {entry}"),
            _ => format!("\nGET {audit} tells who."),
        };
        Failure::Changed(printable(&format!(
            "Somebody has changed this since it was read, and nothing was done. Look at it again, and repeat.{who}"
        )))
    }

    /// Follows the cursors until there is no more, or as many as `limit` are there. Then the answer has the cursor.
    pub(crate) fn list(
        &self,
        path: &str,
        filter: &[(&str, Option<&str>)],
        limit: Option<usize>,
    ) -> Result<Value, Failure> {
        let limit = limit.unwrap_or(usize::MAX);
        let mut items = Vec::new();
        let mut cursor = Value::Null;
        loop {
            let size = (limit - items.len()).min(LARGEST_PAGE).to_string();
            let further = [("limit", Some(size.as_str())), ("cursor", cursor.as_str())];
            let mut page = self.get(&format!("{path}{}", query(filter.iter().chain(&further))))?.json();
            match page["items"].take() {
                Value::Array(more) => items.extend(more),
                other => return Err(Failure::Unknown(format!("{path} has no items but {other}"))),
            }
            cursor = page["nextCursor"].take();
            if cursor.is_null() {
                return Ok(json!({ "items": items }));
            }
            if items.len() >= limit {
                return Ok(json!({ "items": items, "nextCursor": cursor }));
            }
        }
    }

    fn send(&self, request: Request<'_>) -> Result<Response, Failure> {
        let response = request.try_send()?;
        if (200..300).contains(&response.status) {
            Ok(response)
        } else {
            Err(Failure::of(&response, &self.id))
        }
    }
}

/// With its question mark, or nothing. A space is `%20`: a plus is read differently by those who verify signatures.
pub(crate) fn query<'a>(parameters: impl IntoIterator<Item = &'a (&'a str, Option<&'a str>)>) -> String {
    let given = parameters.into_iter().filter_map(|(name, value)| Some((name, (*value)?)));
    let text = Serializer::new(String::new()).extend_pairs(given).finish().replace('+', "%20");
    if text.is_empty() { text } else { format!("?{text}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stub::answering;

    #[test]
    fn a_list_follows_the_cursors_and_stops_where_it_is_told() {
        let first = (200, "", r#"{"items":[1,2],"nextCursor":"a b"}"#);
        let second = (200, "", r#"{"items":[],"nextCursor":"c"}"#);
        let last = (200, "", r#"{"items":[3]}"#);
        let (api, seen) = answering([first, second, last]);
        let all = api.list("/tenants", &[("tier", Some("pro")), ("name", None)], None).unwrap();
        assert_eq!(all, json!({ "items": [1, 2, 3] }));
        let lines: Vec<String> =
            seen.join().unwrap().iter().map(|request| request.lines().next().unwrap().to_owned()).collect();
        assert_eq!(
            lines,
            [
                "GET /tenants?tier=pro&limit=100 HTTP/1.1",
                "GET /tenants?tier=pro&limit=100&cursor=a%20b HTTP/1.1",
                "GET /tenants?tier=pro&limit=100&cursor=c HTTP/1.1",
            ]
        );

        let (api, seen) = answering([first]);
        let two = api.list("/tenants", &[], Some(2)).unwrap();
        assert_eq!(two, json!({ "items": [1, 2], "nextCursor": "a b" }));
        assert!(seen.join().unwrap()[0].starts_with("GET /tenants?limit=2 "));
    }

    #[test]
    fn a_change_is_on_the_condition_of_what_was_read() {
        let read = (200, "etag: \"7\"\r\n", r#"{"id":"ten_1"}"#);
        let (api, seen) = answering([read, (200, "", "{}")]);
        let known = api.read("/tenants/ten_1".to_owned(), String::new()).unwrap();
        api.change(&known, "PUT", "/suspension", &json!({ "reason": "r" })).unwrap();
        let sent = &seen.join().unwrap()[1];
        assert!(
            sent.starts_with("PUT /tenants/ten_1/suspension ") && sent.contains("if-match: \"7\""),
            "{sent}"
        );
        assert!(sent.ends_with(r#"{"reason":"r"}"#), "{sent}");
    }

    #[test]
    fn who_has_changed_it_meanwhile_is_named() {
        let read = (200, "etag: \"7\"\r\n", "{}");
        let changed = (412, "", r#"{"title":"Precondition failed","status":412}"#);
        let newest =
            (200, "", r#"{"items":[{"kind":"tenant.renamed","actor":{"principal":"arn:someone"}}]}"#);
        let (api, seen) = answering([read, changed, newest]);
        let known = api.read("/tenants/ten_1".to_owned(), "/tenants/ten_1/audit".to_owned()).unwrap();
        let failure = api.change(&known, "PATCH", "", &json!({})).unwrap_err();
        assert!(matches!(failure, Failure::Changed(_)), "{failure:?}");
        assert!(failure.to_string().contains("arn:someone"), "{failure}");
        assert!(seen.join().unwrap()[2].starts_with("GET /tenants/ten_1/audit?limit=1 "));
    }

    #[test]
    fn a_query_has_what_is_given_and_encodes_it() {
        assert_eq!(
            query(&[("name", Some("a b+c&d")), ("tier", None), ("limit", Some("5"))]),
            "?name=a%20b%2Bc%26d&limit=5"
        );
        assert_eq!(query(&[("tier", None)]), "");
    }
}
