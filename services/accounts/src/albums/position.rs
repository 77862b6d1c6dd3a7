//! Where images stand in an album: sparse numbers, so that a move writes one row and not all that come after.

/// The distance between images that were added one after the other. A gap can be halved twenty times.
pub(super) const GAP: i64 = 1 << 20;

/// A place between two images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The number is free.
    Free(i64),
    /// The number gets free when all images behind it have moved on by [`GAP`].
    Crowded(i64),
}

/// The number behind the last one.
pub(super) fn behind(last: Option<i64>) -> i64 {
    // Numbers last for 2^43 moves to the end. Whoever gets there stands beside the last.
    last.map_or(0, |last| last.saturating_add(GAP))
}

/// A place after `before` and before `after`, either of which may be missing.
pub(super) fn between(before: Option<i64>, after: Option<i64>) -> Place {
    match (before, after) {
        (before, None) => Place::Free(behind(before)),
        (None, Some(after)) => Place::Free(after.saturating_sub(GAP)),
        (Some(before), Some(after)) => match before.midpoint(after) {
            middle if before < middle && middle < after => Place::Free(middle),
            _ => Place::Crowded(before.saturating_add(GAP / 2)),
        },
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, option, prelude::*};

    use super::*;

    /// An album in memory: positions and images, sorted.
    #[derive(Debug, Default)]
    struct Album(Vec<(i64, usize)>);

    impl Album {
        /// Does what the store does in SQL.
        fn put(&mut self, image: usize, after: Option<usize>) {
            self.0.retain(|(_, other)| *other != image);
            let index = after.map_or(0, |after| 1 + self.index_of(after));
            let before = after.map(|_| self.0[index - 1].0);
            let next = self.0.get(index).map(|(position, _)| *position);
            let position = match between(before, next) {
                Place::Free(position) => position,
                Place::Crowded(position) => {
                    self.0[index..].iter_mut().for_each(|at| at.0 += GAP);
                    position
                }
            };
            self.0.push((position, image));
            self.0.sort_unstable();
        }

        fn index_of(&self, image: usize) -> usize {
            let mut images = self.0.iter();
            images.position(|at| at.1 == image).expect("in the album")
        }
    }

    #[test]
    fn there_is_room_in_front_behind_and_between() {
        assert_eq!(between(None, None), Place::Free(0));
        assert_eq!(between(Some(0), None), Place::Free(GAP));
        assert_eq!(between(None, Some(0)), Place::Free(-GAP));
        assert_eq!(between(Some(0), Some(GAP)), Place::Free(GAP / 2));
        for (before, after) in [(0, 1), (-1, 0), (-8, -7)] {
            let crowded = Place::Crowded(before + GAP / 2);
            assert_eq!(between(Some(before), Some(after)), crowded);
        }
    }

    proptest! {
        #[test]
        fn images_stand_where_they_were_put(moves in vec((0..6_usize, option::of(0..6_usize)), 0..300)) {
            let mut album = Album::default();
            let mut expected: Vec<usize> = Vec::new();
            for (image, after) in moves {
                // Behind itself or behind one that is not there: in front.
                let after = after.filter(|after| *after != image && expected.contains(after));
                expected.retain(|other| *other != image);
                let index = expected.iter().position(|other| Some(*other) == after);
                expected.insert(index.map_or(0, |index| index + 1), image);
                album.put(image, after);

                let images: Vec<_> = album.0.iter().map(|at| at.1).collect();
                prop_assert_eq!(&images, &expected);
                let distinct = album.0.windows(2).all(|two| two[0].0 < two[1].0);
                prop_assert!(distinct, "{:?}", album);
            }
        }
    }
}
