//! One wrapper, several windows; the empty tuple is none.

use http::{HeaderMap, request, response};

use crate::exchange::Exchange;
use crate::outcome::Outcome;
use crate::signal::contract::{Observer, Signal};
use crate::ticket::Arrival;
use crate::window::Window;

/// `forwards` lists the members as they start; `backwards` the same members as they end.
macro_rules! compose {
    (forwards: $($signal:ident $index:tt),+; backwards: $($back:ident $rev:tt),+) => {
        impl<$($signal: Signal),+> Signal for ($($signal,)+) {
            const WINDOW: Window = Window::NONE$(.union($signal::WINDOW))+;

            type Observer = ($(Option<$signal::Observer>,)+);

            fn start(&self, exchange: &Exchange, head: &mut request::Parts) -> Self::Observer {
                ($(Some(self.$index.start(exchange, head)),)+)
            }

            fn pass(&self, exchange: &Exchange, head: &mut request::Parts) -> Option<Self::Observer> {
                Some(($(self.$index.pass(exchange, head),)+))
            }

            fn admit(&self, arrival: &Arrival, head: &mut request::Parts) -> Option<Self::Observer> {
                Some(($(self.$index.admit(arrival, head),)+))
            }

            fn admit_pass(&self, arrival: &Arrival, head: &mut request::Parts) -> Option<Self::Observer> {
                Some(($(self.$index.admit_pass(arrival, head),)+))
            }
        }

        impl<$($signal: Observer),+> Observer for ($($signal,)+) {
            // The last member entered stands first: a tuple drops its members in order.
            type Guard = compose!(@guard $($back)+);

            fn enter(&self) -> Self::Guard {
                let guards = ();
                $(let guards = (self.$index.enter(), guards);)+
                guards
            }

            fn respond(&mut self, exchange: &Exchange, head: &mut response::Parts) {
                $(self.$rev.respond(exchange, head);)+
            }

            fn frame(&mut self, exchange: &Exchange, bytes: usize) {
                $(self.$rev.frame(exchange, bytes);)+
            }

            fn trailers(&mut self, exchange: &Exchange, trailers: &mut HeaderMap) {
                $(self.$rev.trailers(exchange, trailers);)+
            }

            fn settle(&mut self, exchange: &Exchange, outcome: &Outcome) {
                $(self.$rev.settle(exchange, outcome);)+
            }

            fn end(self, exchange: &Exchange, outcome: &Outcome) {
                $(self.$rev.end(exchange, outcome);)+
            }
        }
    };
    (@guard $first:ident $($rest:ident)*) => { ($first::Guard, compose!(@guard $($rest)*)) };
    (@guard) => { () };
}

compose!(forwards: A 0; backwards: A 0);
compose!(forwards: A 0, B 1; backwards: B 1, A 0);
compose!(forwards: A 0, B 1, C 2; backwards: C 2, B 1, A 0);
compose!(forwards: A 0, B 1, C 2, D 3; backwards: D 3, C 2, B 1, A 0);
compose!(forwards: A 0, B 1, C 2, D 3, E 4; backwards: E 4, D 3, C 2, B 1, A 0);
compose!(forwards: A 0, B 1, C 2, D 3, E 4, F 5; backwards: F 5, E 4, D 3, C 2, B 1, A 0);
compose!(forwards: A 0, B 1, C 2, D 3, E 4, F 5, G 6; backwards: G 6, F 5, E 4, D 3, C 2, B 1, A 0);
compose!(forwards: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7; backwards: H 7, G 6, F 5, E 4, D 3, C 2, B 1, A 0);

impl Signal for () {
    type Observer = ();

    fn start(&self, _: &Exchange, _: &mut request::Parts) {}
}

impl Observer for () {
    type Guard = ();

    fn enter(&self) {}
}
