//! Whether a route requires `If-Match`, as a type parameter of [`Route`](crate::http::Route) and
//! [`Call`](crate::http::Call).

use domain::Versioned;
use http::HeaderMap;

use crate::http::Problem;
use crate::http::etag::IfMatch;
use crate::table::Known;

/// Either [`Unconditional`] or [`Conditional`].
pub trait Precondition: Copy + Send + Sync + 'static {
    const IS_DEMANDED: bool;

    #[doc(hidden)]
    type Sent: Send + Sync;

    #[doc(hidden)]
    fn read(headers: &HeaderMap) -> Result<Self::Sent, Problem>;
}

/// The route does not require `If-Match`.
#[derive(Debug, Clone, Copy)]
pub struct Unconditional;

/// The route requires `If-Match` with the version that the client has read.
#[derive(Debug, Clone, Copy)]
pub struct Conditional;

#[derive(Debug)]
pub struct Sent(IfMatch);

impl Sent {
    /// Fails with 412 when the client knows another version.
    pub(crate) fn expect<T>(&self, loaded: Versioned<T>) -> Result<Known<T>, Problem> {
        match self.0.matches(loaded.version) {
            true => Ok(Known::new(loaded)),
            false => Err(Problem::precondition_failed(loaded.version)),
        }
    }
}

impl Precondition for Unconditional {
    const IS_DEMANDED: bool = false;

    type Sent = ();

    fn read(_: &HeaderMap) -> Result<(), Problem> {
        Ok(())
    }
}

impl Precondition for Conditional {
    const IS_DEMANDED: bool = true;

    type Sent = Sent;

    fn read(headers: &HeaderMap) -> Result<Sent, Problem> {
        IfMatch::parse(headers).map(Sent)
    }
}
