//! What was seen, line by line.

/// Compares what was seen.
///
/// # Errors
///
/// The first line that is not the same, below the last that begins a case.
pub(super) fn same(bare: &str, layered: &str) -> Result<(), String> {
    let mut case = "";
    let mut layered = layered.lines();
    for line in bare.lines() {
        if !line.starts_with(' ') {
            case = line;
        }
        match layered.next() {
            Some(other) if other == line => {}
            other => {
                let other = other.unwrap_or("(nothing more)");
                return Err(format!("in {case:.60}\n bare    {line}\n layered {other}"));
            }
        }
    }
    match layered.next() {
        None => Ok(()),
        Some(more) => Err(format!("after {case:.60}\n layered {more}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_difference_is_told_with_its_case() {
        let bare = "case a\n  end OK\ncase b\n  end OK\n";
        assert_eq!(same(bare, bare), Ok(()));
        let other = same(bare, "case a\n  end OK\ncase b\n  end Unknown\n");
        assert_eq!(other, Err("in case b\n bare      end OK\n layered   end Unknown".to_owned()));
    }

    #[test]
    fn less_and_more_are_differences() {
        assert!(same("case a\ncase b\n", "case a\n").is_err());
        assert!(same("case a\n", "case a\ncase b\n").is_err());
    }
}
