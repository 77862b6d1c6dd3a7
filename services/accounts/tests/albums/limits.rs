//! How much somebody may have.

use pupila_core::ErrorCode;
use pupila_proto::accounts::v1 as proto;

use crate::{fixtures::TestAlbums, on_every_engine};

on_every_engine!(there_is_an_end_to_albums);

async fn there_is_an_end_to_albums(test: TestAlbums) {
    let [ana, luis] = test.users(["ana", "luis"]).await;
    let named = |key: &str| proto::CreateAlbumRequest {
        name: "Lisbon".to_owned(),
        idempotency_key: key.to_owned(),
        ..Default::default()
    };
    test.fill(&ana, 9_999).await;
    let last = ana.create_album(named("last")).await.expect("the last");
    let refused = ana.create_album(named("beyond")).await;
    let refused = refused.expect_err("too many");
    assert_eq!(refused.code, ErrorCode::Conflict);
    assert_eq!(refused.reason, "TOO_MANY_ALBUMS");
    // It finds the one that it made, and makes none.
    assert_eq!(ana.create_album(named("last")).await.expect("found"), last);
    luis.album("Others are not concerned").await;
    let last = last.album.expect("an album");
    ana.delete(&last).await.expect("deleted");
    ana.create_album(named("beyond")).await.expect("one fits");
}
