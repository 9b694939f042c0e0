//! Whether a route demands that its caller knows the resource as it is now.

use http::HeaderMap;

use crate::http::Problem;
use crate::http::etag::IfMatch;

pub trait Precondition: Copy + Send + Sync + 'static {
    const IS_DEMANDED: bool;

    #[doc(hidden)]
    type Sent: Send + Sync;

    #[doc(hidden)]
    fn read(headers: &HeaderMap) -> Result<Self::Sent, Problem>;
}

/// Without `If-Match`.
#[derive(Debug, Clone, Copy)]
pub struct Unconditional;

/// With `If-Match`.
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
