//! Whether a route requires `If-Match`, as a type parameter of [`Route`](crate::http::Route) and
//! [`Call`](crate::http::Call).

use http::HeaderMap;

use crate::http::Problem;
use crate::http::etag::IfMatch;

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
pub struct Sent(pub(crate) IfMatch);

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
