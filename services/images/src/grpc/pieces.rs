//! Bytes in pieces that suit a message.

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, TryStreamExt as _, stream};

/// Bytes of a message: neither lost in the cost of the message, nor long enough to hold others up.
const PIECE: usize = 64 << 10;

/// The same bytes, in pieces of that length but for the last one.
pub(super) fn pieces<S, E>(bytes: S) -> impl Stream<Item = Result<Bytes, E>>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
{
    let state = (bytes, Bytes::new());
    stream::try_unfold(state, async |(mut bytes, mut held)| {
        while held.len() < PIECE {
            let Some(more) = bytes.try_next().await? else {
                break;
            };
            held = joined(held, more);
        }
        let piece = held.split_to(held.len().min(PIECE));
        Ok((!piece.is_empty()).then_some((piece, (bytes, held))))
    })
}

fn joined(held: Bytes, more: Bytes) -> Bytes {
    if held.is_empty() {
        return more;
    }
    // Copies `held` only where somebody else has it too.
    let mut joined = BytesMut::from(held);
    joined.reserve(more.len().max(PIECE - joined.len().min(PIECE)));
    joined.extend_from_slice(&more);
    joined.freeze()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn lengths(parts: Vec<Bytes>) -> Vec<usize> {
        let whole: Vec<u8> = parts.concat();
        let parts = stream::iter(parts.into_iter().map(Ok::<_, ()>));
        let pieces: Vec<_> = pieces(parts).try_collect().await.expect("no failure");
        assert_eq!(pieces.concat(), whole);
        pieces.iter().map(Bytes::len).collect()
    }

    #[tokio::test]
    async fn crumbs_are_gathered_and_loaves_are_cut() {
        let crumbs = vec![Bytes::from(vec![1; 8 << 10]); 20];
        assert_eq!(lengths(crumbs).await, [PIECE, PIECE, 32 << 10]);
        let loaf = vec![Bytes::from(vec![2; 2 * PIECE + 1])];
        assert_eq!(lengths(loaf).await, [PIECE, PIECE, 1]);
        let both = vec![
            Bytes::from(vec![1; 3]),
            Bytes::new(),
            Bytes::from(vec![2; PIECE]),
        ];
        assert_eq!(lengths(both).await, [PIECE, 3]);
        assert_eq!(lengths(Vec::new()).await, [0; 0]);
    }

    #[tokio::test]
    async fn a_failure_ends_the_pieces() {
        let parts = stream::iter([Ok(Bytes::from_static(b"a")), Err("gone")]);
        let pieces: Vec<_> = futures_util::StreamExt::collect(Box::pin(pieces(parts))).await;
        assert_eq!(pieces, [Err("gone")]);
    }
}
