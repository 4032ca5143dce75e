//! Headers that are lists.

use http::HeaderMap;
use http::header::HeaderName;

/// All values of a header as one list; `None` if there is none. What is no text is left out.
pub(crate) fn joined(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.map(str::to_owned).reduce(|list, value| list + "," + &value)
}
