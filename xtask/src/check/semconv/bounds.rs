//! The bounds that the conventions advise, which only their text tells.

/// The bounds advised for a metric, from the page that describes it.
pub(crate) fn advised(page: &str, metric: &str) -> Option<Vec<f64>> {
    let (_, section) = page.split_once(&format!("### Metric: `{metric}`"))?;
    let section = section.split_once("\n### ").map_or(section, |(section, _next)| section);
    let (_, rest) = section.split_once("`ExplicitBucketBoundaries`")?;
    let (_, list) = rest.split_once("of `[")?;
    let (list, _) = list.split_once("]`")?;
    list.split(',').map(|bound| bound.trim().parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "### Metric: `a.b`\n\nwith\n[`ExplicitBucketBoundaries`](https://x)\nof `[ 0.5, 1 ]`.\n\n\
        ### Metric: `c`\n\nno advice\n\n### Metric: `d`\n\n[`ExplicitBucketBoundaries` advisory](x) of `[ 2 ]`.\n";

    #[test]
    fn the_bounds_of_a_metric_are_its_own() {
        assert_eq!(advised(PAGE, "a.b"), Some(vec![0.5, 1.0]));
        assert_eq!(advised(PAGE, "c"), None);
        assert_eq!(advised(PAGE, "d"), Some(vec![2.0]));
    }
}
