use http::{Method, StatusCode};

use crate::tenancy::Access;

/// What the template says of an endpoint, said again where its code is.
#[derive(Clone, Copy)]
pub struct Route<A: Access> {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) access: A,
    pub(crate) success: StatusCode,
}

impl<A: Access> Route<A> {
    pub const fn get(path: &'static str, access: A) -> Self {
        Self { method: "GET", path, access, success: StatusCode::OK }
    }

    pub const fn post(path: &'static str, access: A) -> Self {
        Self { method: "POST", path, access, success: StatusCode::CREATED }
    }

    pub const fn answering(mut self, success: StatusCode) -> Self {
        self.success = success;
        self
    }

    /// How the template and API Gateway name the route.
    pub(crate) fn key(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    pub(crate) fn is_post(&self) -> bool {
        self.method == Method::POST.as_str()
    }
}
