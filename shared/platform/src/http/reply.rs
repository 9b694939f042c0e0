//! The successful answers of handlers.

use domain::Version;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Serialize;

/// A successful answer: a body, and the headers that depend on it.
#[derive(Debug)]
pub struct Reply<O> {
    pub(crate) body: O,
    location: Option<String>,
    version: Option<Version>,
    /// Whether the body shows more than what has the version.
    pub(crate) shows_others: bool,
    pub(crate) status: Option<StatusCode>,
}

impl Reply<()> {
    /// The reply of a route that answers 204.
    pub fn nothing() -> Self {
        Self::new(())
    }
}

impl<O: Serialize> Reply<O> {
    pub fn new(body: O) -> Self {
        Self { body, location: None, version: None, shows_others: false, status: None }
    }

    /// Sets `Location` to the path of the created resource.
    pub fn at(mut self, location: String) -> Self {
        self.location = Some(location);
        self
    }

    /// Sets `ETag` to the resource's version.
    pub fn version(mut self, version: Version) -> Self {
        self.version = Some(version);
        self
    }

    /// Like [`version`](Self::version), for a body that shows other things beside the resource, which change without a
    /// new version of it. `ETag` says both, and `If-Match` compares the version alone.
    pub fn version_beside_others(mut self, version: Version) -> Self {
        self.version = Some(version);
        self.shows_others = true;
        self
    }

    /// Replaces the route's status by one that it declares with `or_answering`.
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
