//! Sets of positions. Each costs what sorting costs, however its ranges overlap.

use std::ops::Range;

/// What lies in some ranges and in none of others, in order.
pub(super) fn difference(
    ranges: impl Iterator<Item = Range<usize>>,
    others: impl Iterator<Item = Range<usize>>,
) -> Vec<Range<usize>> {
    let others = union(others);
    let mut rest = others.as_slice();
    let mut left = Vec::new();
    for range in union(ranges) {
        let mut start = range.start;
        // One that reaches beyond this range counts for the next one too.
        while let [other, after @ ..] = rest
            && other.start < range.end
        {
            if start < other.start {
                left.push(start..other.start);
            }
            start = start.max(other.end);
            if other.end > range.end {
                break;
            }
            rest = after;
        }
        if start < range.end {
            left.push(start..range.end);
        }
    }
    left
}

/// The same positions in ranges that are in order and do not touch.
fn union(ranges: impl Iterator<Item = Range<usize>>) -> Vec<Range<usize>> {
    let mut ranges: Vec<_> = ranges.filter(|range| !range.is_empty()).collect();
    ranges.sort_unstable_by_key(|range| range.start);
    let mut union: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match union.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => union.push(range),
        }
    }
    union
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ranges() -> impl Strategy<Value = Vec<Range<usize>>> {
        let range = (0..60_usize, 0..9_usize).prop_map(|(start, length)| start..start + length);
        prop::collection::vec(range, 0..12)
    }

    proptest! {
        #[test]
        fn a_difference_holds_what_it_should(ranges in ranges(), others in ranges()) {
            let left = difference(ranges.clone().into_iter(), others.clone().into_iter());
            for at in 0..70 {
                let within = |set: &[Range<usize>]| set.iter().any(|range| range.contains(&at));
                prop_assert_eq!(within(&left), within(&ranges) && !within(&others), "{}", at);
            }
        }
    }
}
