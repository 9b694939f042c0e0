//! What a handler answers.

use domain::Version;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Serialize;

/// A successful answer: a body, and what the headers say of it.
#[derive(Debug)]
pub struct Reply<O> {
    pub(crate) body: O,
    location: Option<String>,
    version: Option<Version>,
    pub(crate) status: Option<StatusCode>,
}

impl Reply<()> {
    /// For a route that answers 204.
    pub fn nothing() -> Self {
        Self::new(())
    }
}

impl<O: Serialize> Reply<O> {
    pub fn new(body: O) -> Self {
        Self { body, location: None, version: None, status: None }
    }

    /// Where the created resource is.
    pub fn at(mut self, location: String) -> Self {
        self.location = Some(location);
        self
    }

    /// The resource's version, told as its ETag.
    pub fn version(mut self, version: Version) -> Self {
        self.version = Some(version);
        self
    }

    /// Another status than the route's.
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = Some(status);
        self
    }

    pub(crate) fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let version = self.version.map(|version| format!("\"{version}\""));
        for (name, value) in [(header::LOCATION, &self.location), (header::ETAG, &version)] {
            if let Some(value) = value.as_deref().and_then(|value| HeaderValue::from_str(value).ok()) {
                headers.insert(name, value);
            }
        }
        headers
    }
}
