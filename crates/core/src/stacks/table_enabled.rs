//! A declared table of route templates, matched at the door with the router of axum.

use std::fmt;

use matchit::Router;

use crate::route::Route;

/// A table of route templates, in the syntax of axum: `/users/{id}`, `/assets/{*path}`.
#[derive(Clone, Default)]
pub struct RouteTable(Router<Route>);

impl RouteTable {
    /// The table of these templates.
    ///
    /// # Errors
    /// A template that is malformed, or that overlaps another one, is named in the error.
    pub fn new(templates: impl IntoIterator<Item = &'static str>) -> Result<Self, RouteTableError> {
        let mut router = Router::new();
        for template in templates {
            router
                .insert(template, Route::template(template))
                .map_err(|source| RouteTableError { template, source })?;
        }
        Ok(Self(router))
    }

    #[inline(never)]
    pub(crate) fn route(&self, path: &str) -> Option<Route> {
        self.0.at(path).ok().map(|matched| *matched.value)
    }
}

impl fmt::Debug for RouteTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RouteTable")
    }
}

/// A template that cannot stand in the table.
#[derive(Debug)]
pub struct RouteTableError {
    template: &'static str,
    source: matchit::InsertError,
}

impl fmt::Display for RouteTableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the route template {:?} cannot be added to the table", self.template)
    }
}

impl std::error::Error for RouteTableError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_matched_to_its_template() {
        let table = RouteTable::new(["/users/{id}", "/assets/{*path}"]).unwrap_or_default();
        assert_eq!(table.route("/users/7"), Some(Route::template("/users/{id}")));
        assert_eq!(table.route("/assets/a/b.css"), Some(Route::template("/assets/{*path}")));
        assert_eq!(table.route("/users/7/x"), None);
    }

    #[test]
    fn two_templates_that_overlap_are_an_error_that_names_the_second() {
        let error = RouteTable::new(["/users/{id}", "/users/{name}"]).err().map(|error| error.to_string());
        assert!(error.is_some_and(|error| error.contains("/users/{name}")));
    }
}
