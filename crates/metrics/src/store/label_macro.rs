//! The values of a label, declared in one place.

/// Declares the values of a label: as an enum, or as a list of texts.
///
/// Both are a [`Label`](tower_telemetry_core::Label), which a handler writes on its exchange, and a
/// [`LabelField`](crate::LabelField), for labels of one's own metrics; both are `Copy`, and have two methods:
///
/// - `named(text) -> Option<Self>`, the value that reads so: the one way in for a text from outside;
/// - `as_str(self) -> &'static str`, its text.
///
/// ```
/// use tower_telemetry_core::Label;
/// use tower_telemetry_metrics::label;
///
/// label! {
///     /// What a user pays.
///     pub enum UserTier {
///         Free = "free",
///         Paid = "paid",
///     }
/// }
///
/// label! {
///     /// Where a user is.
///     pub struct Region as "cloud_region" in ["eu", "us"];
/// }
///
/// assert_eq!((UserTier::NAME, UserTier::Paid.as_str()), ("user_tier", "paid"));
/// assert_eq!((Region::NAME, Region::named("eu").map(Region::as_str)), ("cloud_region", Some("eu")));
/// assert_eq!(Region::named("../../etc/passwd"), None);
/// ```
///
/// The name of the label is that of the type, in small letters with underscores, unless `as` gives another. A name
/// that Prometheus would not take, and a text that stands twice or is empty, do not compile:
///
/// ```compile_fail
/// tower_telemetry_metrics::label! {
///     enum UserTier as "user tier" {
///         Free = "free",
///     }
/// }
/// ```
///
/// ```compile_fail
/// tower_telemetry_metrics::label! {
///     struct Region in ["eu", "us", "eu"];
/// }
/// ```
///
/// # Cardinality
///
/// As many values as are written there.
#[macro_export]
macro_rules! label {
    (
        $(#[$meta:meta])*
        $vis:vis enum $type:ident $(as $name:literal)? {
            $($(#[$value_meta:meta])* $value:ident = $text:literal),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        $vis enum $type {
            $($(#[$value_meta])* #[doc = concat!("`", $text, "`")] $value),+
        }

        $crate::__label!($type, $($name)?, &[$($text),+]);

        impl $type {
            /// The value that reads so, if there is one.
            #[allow(dead_code, reason = "not every program needs it")]
            $vis fn named(text: &str) -> ::core::option::Option<Self> {
                match text {
                    $($text => ::core::option::Option::Some(Self::$value),)+
                    _ => ::core::option::Option::None,
                }
            }

            const fn place(self) -> usize {
                self as usize
            }
        }
    };
    (
        $(#[$meta:meta])*
        $vis:vis struct $type:ident $(as $name:literal)? in $texts:expr;
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        $vis struct $type(usize);

        $crate::__label!($type, $($name)?, &$texts);

        impl $type {
            /// The value that reads so, if there is one.
            #[allow(dead_code, reason = "not every program needs it")]
            $vis fn named(text: &str) -> ::core::option::Option<Self> {
                let texts = <Self as $crate::macros::Label>::VALUES;
                texts.iter().position(|known| *known == text).map(Self)
            }

            const fn place(self) -> usize {
                self.0
            }
        }
    };
}

/// What both forms have in common.
#[doc(hidden)]
#[macro_export]
macro_rules! __label {
    ($type:ident, $($name:literal)?, $texts:expr) => {
        impl $crate::macros::Label for $type {
            const NAME: &'static str = $crate::__label_name!($type $($name)?);
            const VALUES: &'static [&'static str] = $texts;

            fn index(&self) -> usize {
                self.place()
            }
        }

        impl $crate::LabelField for $type {
            fn label_value(&self) -> ::core::option::Option<$crate::LabelValue> {
                ::core::option::Option::Some($crate::LabelValue::Text(self.as_str()))
            }
        }

        impl $type {
            /// The text of the value.
            #[must_use]
            #[allow(dead_code, reason = "not every program needs it")]
            pub fn as_str(self) -> &'static str {
                // Always there: there is a text for each value.
                <Self as $crate::macros::Label>::VALUES.get(self.place()).copied().unwrap_or_default()
            }
        }

        const _: () = $crate::macros::check(
            <$type as $crate::macros::Label>::NAME,
            <$type as $crate::macros::Label>::VALUES,
        );
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __label_name {
    ($type:ident $name:literal) => {
        $name
    };
    ($type:ident) => {{
        const TYPE: &str = stringify!($type);
        const NAME: [u8; $crate::macros::snake_length(TYPE)] = $crate::macros::snake(TYPE);
        $crate::macros::text(&NAME)
    }};
}
