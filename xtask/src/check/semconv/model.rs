//! The model's YAML, read as far as names need it.
//!
//! No YAML library: the copies are pinned and unmodified, and all that is asked of them is the fields of list items.
//! Those stand in one column; text that spans lines stands deeper.

use std::collections::BTreeMap;

/// What the conventions define.
#[derive(Debug, Default)]
pub(crate) struct Model {
    attributes: BTreeMap<String, Item>,
    metrics: BTreeMap<String, Item>,
}

/// A list item with its fields of one line.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Item(BTreeMap<String, String>);

impl Model {
    /// Adds the definitions of a file.
    pub(crate) fn read(&mut self, text: &str) {
        for item in items(text) {
            // The older layout calls an attribute's name `id`, the newer one `key`.
            if let Some(name) = item.field("metric_name").map(str::to_owned) {
                self.metrics.insert(name, item);
            } else if item.field("stability").is_some()
                && let Some(name) = item.field("id").or_else(|| item.field("key")).map(str::to_owned)
            {
                self.attributes.insert(name, item);
            }
        }
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<&Item> {
        self.attributes.get(name)
    }

    pub(crate) fn metric(&self, name: &str) -> Option<&Item> {
        self.metrics.get(name)
    }
}

impl Item {
    /// The value of a field; empty if it goes on in further lines.
    pub(crate) fn field(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }
}

fn items(text: &str) -> Vec<Item> {
    let mut done = Vec::new();
    let mut open: Vec<(usize, Item)> = Vec::new();
    for line in text.lines() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        let (column, pair) = match trimmed.strip_prefix("- ") {
            Some(first) => {
                close(&mut open, &mut done, |column| column > indent);
                open.push((indent + 2, Item::default()));
                (indent + 2, first)
            }
            None => {
                close(&mut open, &mut done, |column| column > indent);
                (indent, trimmed)
            }
        };
        if let Some((_, Item(fields))) = open.last_mut().filter(|(at, _)| *at == column)
            && let Some((key, value)) = pair.split_once(':')
        {
            fields.insert(key.to_owned(), scalar(value));
        }
    }
    close(&mut open, &mut done, |_| true);
    done
}

fn close(open: &mut Vec<(usize, Item)>, done: &mut Vec<Item>, is_left: impl Fn(usize) -> bool) {
    while let Some((_, item)) = open.pop_if(|(column, _)| is_left(*column)) {
        done.push(item);
    }
}

fn scalar(value: &str) -> String {
    let value = value.split_once(" #").map_or(value, |(value, _comment)| value).trim();
    let quoted = ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote));
    quoted.unwrap_or(value).to_owned()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    fn model(text: &str) -> Model {
        let mut model = Model::default();
        model.read(text);
        model
    }

    #[test]
    fn attributes_of_both_layouts_are_read() {
        let model = model(
            "groups:\n  - id: registry.http\n    attributes:\n      - id: http.route\n        type: string\n        \
             stability: stable # since 2023\nattributes:\n  - key: server.port\n    stability: 'development'\n",
        );
        assert_eq!(model.attribute("http.route").unwrap().field("stability"), Some("stable"));
        assert_eq!(model.attribute("server.port").unwrap().field("stability"), Some("development"));
        assert!(model.attribute("registry.http").is_none());
    }

    #[test]
    fn members_and_notes_do_not_speak_for_their_attribute() {
        let model = model(
            "  - id: error.type\n    stability: stable\n    type:\n      members:\n        - id: other\n          \
             stability: development\n          deprecated: yes\n    note: |\n      stability: none\n\n      - unit: x\n    \
             brief: x\n",
        );
        let attribute = model.attribute("error.type").unwrap();
        assert_eq!(attribute.field("stability"), Some("stable"));
        assert_eq!((attribute.field("deprecated"), attribute.field("unit")), (None, None));
        assert_eq!(attribute.field("brief"), Some("x"));
    }

    #[test]
    fn a_metric_has_its_instrument_and_unit() {
        let model = model(
            "groups:\n  - id: metric.a\n    metric_name: a.b\n    stability: stable\n    instrument: gauge\n    unit: \"{x}\"\n",
        );
        let metric = model.metric("a.b").unwrap();
        assert_eq!((metric.field("instrument"), metric.field("unit")), (Some("gauge"), Some("{x}")));
        assert!(model.attribute("metric.a").is_none());
    }

    #[test]
    fn a_deprecation_of_several_lines_is_seen() {
        let model = model("- id: a\n  stability: development\n  deprecated:\n    reason: renamed\n");
        assert_eq!(model.attribute("a").unwrap().field("deprecated"), Some(""));
    }
}
