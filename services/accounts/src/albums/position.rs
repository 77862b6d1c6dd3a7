//! Where images stand in an album: sparse numbers, so that a move writes one row and not all that come after.

/// The distance between two images that were added one after the other: twenty moves fit into the same gap.
pub(super) const GAP: i64 = 1 << 20;

/// The place behind the last.
pub(super) fn behind(last: Option<i64>) -> i64 {
    // The numbers last for eight billion billion / a million moves; whoever gets there stands beside the last.
    last.map_or(0, |last| last.saturating_add(GAP))
}

/// A place after `before` and before `after`, each of which may be missing; `None` where no number is left between
/// the two.
pub(super) fn between(before: Option<i64>, after: Option<i64>) -> Option<i64> {
    match (before, after) {
        (before, None) => Some(behind(before)),
        (None, Some(after)) => Some(after.saturating_sub(GAP)),
        (Some(before), Some(after)) => {
            let middle = before.midpoint(after);
            (before < middle && middle < after).then_some(middle)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// An album in memory: what the store does in SQL.
    #[derive(Debug, Default)]
    struct Sparse(Vec<(i64, usize)>);

    impl Sparse {
        fn place(&mut self, image: usize, after: Option<usize>) {
            self.0.retain(|(_, other)| *other != image);
            let index = after.map_or(0, |after| 1 + self.index(after));
            let before = index.checked_sub(1).map(|index| self.0[index].0);
            let next = self.0.get(index).map(|(position, _)| *position);
            let position = between(before, next).unwrap_or_else(|| {
                self.0[index..].iter_mut().for_each(|(position, _)| *position += GAP);
                between(before, next.map(|next| next + GAP)).expect("room was made")
            });
            self.0.insert(index, (position, image));
        }

        fn index(&self, image: usize) -> usize {
            let found = self.0.iter().position(|(_, other)| *other == image);
            found.expect("in the album")
        }

        fn images_by_position(&self) -> Vec<usize> {
            let mut sorted = self.0.clone();
            sorted.sort_by_key(|(position, _)| *position);
            sorted.dedup_by_key(|(position, _)| *position);
            sorted.into_iter().map(|(_, image)| image).collect()
        }
    }

    #[test]
    fn the_front_the_end_and_the_middle_have_room() {
        assert_eq!(between(None, None), Some(0));
        assert_eq!(between(Some(0), None), Some(GAP));
        assert_eq!(between(None, Some(0)), Some(-GAP));
        assert_eq!(between(Some(0), Some(GAP)), Some(GAP / 2));
        for full in [(0, 1), (-1, 0), (7, 7)] {
            assert_eq!(between(Some(full.0), Some(full.1)), None, "{full:?}");
        }
    }

    proptest! {
        #[test]
        fn moved_images_stand_where_they_were_put(
            count in 2..8_usize,
            moves in prop::collection::vec((any::<prop::sample::Index>(), any::<Option<prop::sample::Index>>()), 0..200),
        ) {
            let mut sparse = Sparse::default();
            let mut expected = Vec::new();
            for image in 0..count {
                sparse.place(image, image.checked_sub(1));
                expected.push(image);
            }
            for (image, after) in moves {
                let image = image.index(count);
                let after = after.map(|after| after.index(count)).filter(|after| *after != image);
                expected.retain(|other| *other != image);
                let at = after.map_or(0, |after| 1 + expected.iter().position(|other| *other == after).expect("there"));
                expected.insert(at, image);
                sparse.place(image, after);
                prop_assert_eq!(&sparse.images_by_position(), &expected);
            }
        }
    }
}
