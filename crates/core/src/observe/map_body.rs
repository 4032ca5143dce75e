use http_body::Body;

/// What an [`Observe`](crate::Observe) makes of the observed body of a response before it gives it on.
///
/// A type without values: it is chosen with the layer.
pub trait MapBody<B>: 'static {
    /// The body that is given on.
    type Body: Body;

    /// Makes it of an observed body: the same frames, size hint and end.
    fn map_body(body: B) -> Self::Body;
}

/// Gives the body on as it is: for any stack.
#[derive(Debug, Clone, Copy)]
pub enum AsIs {}

impl<B: Body> MapBody<B> for AsIs {
    type Body = B;

    fn map_body(body: B) -> B {
        body
    }
}
