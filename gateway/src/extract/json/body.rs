//! The bytes of a short body.

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;

use crate::{
    error::RequestError,
    upload::{Share, UploadBudget},
};

/// Reads at most `limit` bytes. What is held of them is taken from `budget`, so that many who send slowly cannot
/// exhaust the memory together.
pub(super) async fn read(
    body: Body,
    limit: usize,
    budget: &UploadBudget,
) -> Result<(Bytes, Share), RequestError> {
    let mut pieces = body.into_data_stream();
    let mut share = Share::default();
    let mut bytes = BytesMut::new();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| RequestError::BrokenBody)?;
        let length = bytes.len() + piece.len();
        if length > limit {
            return Err(RequestError::BodyTooLarge { limit });
        }
        budget.extend(&mut share, length)?;
        bytes.extend_from_slice(&piece);
    }
    Ok((bytes.freeze(), share))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: usize = 100;

    #[tokio::test]
    async fn a_body_is_read_up_to_its_limit() {
        let budget = UploadBudget::new(LIMIT, LIMIT);
        let body = |length: usize| Body::from(vec![b' '; length]);
        let (bytes, share) = read(body(LIMIT), LIMIT, &budget).await.expect("room");
        assert_eq!(bytes.len(), LIMIT);
        drop(share);
        let refused = read(body(LIMIT + 1), LIMIT, &budget).await;
        assert!(matches!(
            refused,
            Err(RequestError::BodyTooLarge { limit: LIMIT })
        ));
    }

    #[tokio::test]
    async fn bodies_share_one_budget() {
        let budget = UploadBudget::new(LIMIT, LIMIT);
        let first = read(Body::from("{}"), LIMIT, &budget).await.expect("room");
        let second = read(Body::from("{}"), LIMIT, &budget).await;
        assert!(matches!(second, Err(RequestError::TooManyUploads)));
        drop(first);
        read(Body::from("{}"), LIMIT, &budget)
            .await
            .expect("room again");
    }
}
