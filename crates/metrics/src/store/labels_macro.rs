//! The labels of a metric, declared as a struct.

/// Declares the labels of a metric of one's own: a struct whose fields are [`LabelField`](crate::LabelField)s, as the
/// key of a [`Family`](crate::Family).
///
/// ```
/// use tower_telemetry_metrics::{Descriptor, Place, Store, expose::text, label, labels};
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
///     pub struct Region in ["eu", "us"];
/// }
///
/// labels! {
///     /// Labels of an order.
///     pub struct OrderLabels {
///         pub tier: UserTier,
///         pub region as "cloud.region": Option<Region>,
///         pub items: u8,
///     }
/// }
///
/// let store = Store::new();
/// let orders = store.counter_family::<OrderLabels>(Descriptor::new("shop.orders", "{order}", "Orders."))?;
///
/// let header = "eu"; // from outside, and so perhaps no region
/// let order = OrderLabels { tier: UserTier::Paid, region: Region::named(header), items: 3 };
/// orders.series(&order, Place::Known).increment();
///
/// let mut page = String::new();
/// text::encode(&store.snapshot(), &mut page);
/// assert!(page.contains("shop_orders_total{tier=\"paid\",cloud_region=\"eu\",items=\"3\"} 1\n"));
/// # Ok::<(), tower_telemetry_metrics::RegisterError>(())
/// ```
///
/// The name of a label is that of its field, unless `as` gives another, such as that of an OpenTelemetry attribute.
/// The struct is `Debug`, `Clone`, `PartialEq`, `Eq` and `Hash`; other derives can be added.
///
/// # Cardinality
///
/// The product of the numbers of values. A `String` cannot be a field: see [`LabelField`](crate::LabelField).
#[macro_export]
macro_rules! labels {
    (
        $(#[$meta:meta])*
        $vis:vis struct $type:ident {
            $($(#[$field_meta:meta])* $field_vis:vis $field:ident $(as $name:literal)? : $of:ty),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        $vis struct $type {
            $($(#[$field_meta])* $field_vis $field: $of),+
        }

        impl $crate::Labels for $type {
            const NAMES: &'static [&'static str] = &[$($crate::__field_name!($field $($name)?)),+];

            fn value(&self, index: usize) -> ::core::option::Option<$crate::LabelValue> {
                let values = [$($crate::LabelField::label_value(&self.$field)),+];
                values.get(index).copied().flatten()
            }
        }

        const _: () = $crate::macros::check_names(<$type as $crate::Labels>::NAMES);
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __field_name {
    ($field:ident $name:literal) => {
        $name
    };
    ($field:ident) => {
        stringify!($field)
    };
}
