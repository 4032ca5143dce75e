//! What the release defines, from the constants that are published with it.

use std::collections::BTreeSet;

/// The stable names of the release, and its events.
#[derive(Debug, Default)]
pub(crate) struct Stable {
    pub(crate) attributes: BTreeSet<String>,
    pub(crate) metrics: BTreeSet<String>,
    pub(crate) prefixes: BTreeSet<String>,
    pub(crate) events: BTreeSet<String>,
}

/// The texts of the constants: `const ATTR_URL_PATH = "url.path";`. One that its comment calls deprecated is left out.
pub(crate) fn constants(module: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut is_deprecated = false;
    for line in module.lines() {
        if line.starts_with("/**") {
            is_deprecated = false;
        }
        is_deprecated |= line.starts_with("* @deprecated");
        let declared = ["const ATTR_", "const METRIC_", "const EVENT_"]
            .iter()
            .find_map(|start| line.strip_prefix(start));
        let name = declared.and_then(|rest| rest.split_once(" = \"")?.1.strip_suffix("\";"));
        names.extend(name.filter(|_| !is_deprecated).map(str::to_owned));
    }
    names
}

/// What the keys of templates begin with: ``const ATTR_X = (key) => `x.${key}`;``.
pub(crate) fn prefixes(module: &str) -> BTreeSet<String> {
    let template =
        |line: &str| Some(line.split_once(" = (key) => `")?.1.strip_suffix(".${key}`;")?.to_owned());
    module.lines().filter_map(template).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_known_by_its_prefix() {
        let names = prefixes("const ATTR_A = \"a\";\nconst ATTR_X_HEADER = (key) => `x.header.${key}`;\n");
        assert_eq!(names.into_iter().collect::<Vec<_>>(), ["x.header"]);
    }

    #[test]
    fn stable_constants_are_names_and_deprecated_ones_are_not() {
        let names = constants(
            "//#region\n/**\n* A path.\n*/\nconst ATTR_URL_PATH = \"url.path\";\n/**\n* @deprecated since\n*/\n\
             const ATTR_OLD = \"old\";\n/**\n* x\n*/\nconst METRIC_A_B = \"a.b\";\nconst A_VALUE_C = \"c\";\n",
        );
        assert_eq!(names.into_iter().collect::<Vec<_>>(), ["a.b", "url.path"]);
    }
}
