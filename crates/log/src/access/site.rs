//! The call sites of access lines that need no event: what `tracing` answers for them, it answers for the events.

use tower_telemetry_core::names::{attribute, field};
use tracing::level_filters::STATIC_MAX_LEVEL;
use tracing_core::callsite::DefaultCallsite;
use tracing_core::field::FieldSet;
use tracing_core::{Interest, Kind, Level, LevelFilter, Metadata, identify_callsite};

use crate::access::line::{ACCESS_TARGET, MODULE};

/// The fields that the event of a line has: a filter may ask for them.
pub(super) const FIELDS: [&str; 19] = [
    field::MESSAGE,
    attribute::SIDE,
    attribute::PROTOCOL,
    attribute::HTTP_REQUEST_METHOD,
    attribute::HTTP_ROUTE,
    attribute::URL_TEMPLATE,
    attribute::HTTP_RESPONSE_STATUS_CODE,
    attribute::RPC_METHOD,
    attribute::RPC_STATUS_CODE,
    attribute::ERROR_TYPE,
    attribute::ENDING,
    attribute::VERDICT,
    field::DURATION_MS,
    field::HEAD_MS,
    field::REQUEST_BODY_SIZE,
    field::RESPONSE_BODY_SIZE,
    field::REQUEST_MESSAGES,
    field::RESPONSE_MESSAGES,
    field::HELD_BACK,
];

/// Where the lines of one level are told.
#[derive(Debug)]
pub(super) struct Site {
    callsite: &'static DefaultCallsite,
    pub(super) metadata: &'static Metadata<'static>,
    /// What stands on a line between its time and its ids.
    pub(super) text: &'static str,
}

impl Site {
    pub(super) fn of(level: Level) -> &'static Self {
        // Each is static, as `tracing` wants it.
        macro_rules! site {
            ($level:ident) => {{
                static CALLSITE: DefaultCallsite = DefaultCallsite::new(&METADATA);
                static METADATA: Metadata<'static> = Metadata::new(
                    concat!("access line ", stringify!($level)),
                    ACCESS_TARGET,
                    Level::$level,
                    Some(file!()),
                    Some(line!()),
                    Some(MODULE),
                    FieldSet::new(&FIELDS, identify_callsite!(&CALLSITE)),
                    Kind::EVENT,
                );
                static SITE: Site = Site {
                    callsite: &CALLSITE,
                    metadata: &METADATA,
                    // The target and the message, which `concat!` takes as literals only.
                    text: concat!(
                        r#"","level":""#,
                        stringify!($level),
                        r#"","target":"tower_telemetry::access","message":"exchange ended""#
                    ),
                };
                &SITE
            }};
        }
        match level {
            Level::ERROR => site!(ERROR),
            Level::WARN => site!(WARN),
            Level::DEBUG => site!(DEBUG),
            _ => site!(INFO),
        }
    }

    /// How the subscribers that there are want the lines of this level: never, always, or now and then.
    #[inline]
    pub(super) fn interest(&self) -> Interest {
        let level = self.metadata.level();
        if *level <= STATIC_MAX_LEVEL && *level <= LevelFilter::current() {
            self.callsite.interest()
        } else {
            Interest::never()
        }
    }
}
