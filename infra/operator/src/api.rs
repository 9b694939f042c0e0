//! Requests to the operators' API.

use client::{Keys, Operator, Request, Response};
use form_urlencoded::Serializer;
use serde_json::{Value, json};

use crate::failure::Failure;

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
        Failure::Changed(format!(
            "Somebody has changed this since it was read, and nothing was done. Look at it again, and repeat.{who}"
        ))
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

    #[test]
    fn a_query_has_what_is_given_and_encodes_it() {
        assert_eq!(
            query(&[("name", Some("a b+c&d")), ("tier", None), ("limit", Some("5"))]),
            "?name=a%20b%2Bc%26d&limit=5"
        );
        assert_eq!(query(&[("tier", None)]), "");
    }
}
