//! Images and people that are no more leave all albums.

use std::time::Duration;

use pupila_core::ImageId;
use pupila_proto::accounts::v1::{self as proto, AlbumRole};
use pupila_runtime::transport;
use tokio_util::sync::CancellationToken;

use crate::{
    callers::{Caller, image, images},
    fixtures::{TestAlbums, blamed, reason},
    on_every_engine,
};

on_every_engine!(
    a_deleted_image_leaves_all_albums,
    only_the_service_images_says_what_is_no_more,
    a_deleted_user_leaves_nothing_behind,
);

fn forget(images: &[ImageId]) -> proto::ForgetImagesRequest {
    proto::ForgetImagesRequest {
        image_ids: images.iter().map(ToString::to_string).collect(),
    }
}

async fn a_deleted_image_leaves_all_albums(test: TestAlbums) {
    let [ana, luis] = test.users(["ana", "luis"]).await;
    let [one, other] = [ana.album("Lisbon").await, luis.album("Porto").await];
    let [gone, also_gone, stays] = images();
    ana.add(&one, &[gone, stays, also_gone])
        .await
        .expect("added");
    luis.add(&other, &[also_gone, stays]).await.expect("added");
    let cover = proto::UpdateAlbumRequest {
        id: one.id.clone(),
        cover_image_id: Some(gone.to_string()),
        ..Default::default()
    };
    ana.update_album(cover).await.expect("set");

    let service = test.images_service().await;
    for _ in 0..2 {
        let message = forget(&[gone, image(), also_gone]);
        service.forget_images(message).await.expect("forgotten");
        for (owner, album) in [(&ana, &one), (&luis, &other)] {
            assert_eq!(owner.order(album).await, [stays]);
            let album = owner.get(album).await.expect("there");
            assert_eq!((album.image_count, &*album.cover_image_id), (1, ""));
        }
    }
}

async fn only_the_service_images_says_what_is_no_more(test: TestAlbums) {
    let ana = test.user("ana").await;
    let album = ana.album("Lisbon").await;
    let hers = image();
    ana.add(&album, &[hers]).await.expect("added");
    let guest = test.guest(&ana, &album).await;
    for caller in [&ana, &guest] {
        let answer = caller.forget_images(forget(&[hers])).await;
        assert_eq!(reason(answer), "PERMISSION_DENIED");
    }
    let service = test.images_service().await;
    service
        .forget_images(forget(&[]))
        .await
        .expect("nothing to do");
    let many: [ImageId; 201] = images();
    assert_eq!(
        blamed(service.forget_images(forget(&many)).await),
        ["image_ids"]
    );
    assert_eq!(ana.order(&album).await, [hers]);
}

async fn a_deleted_user_leaves_nothing_behind(mut test: TestAlbums) {
    let [_admin, ana, luis, vera] = test.users(["admin", "ana", "luis", "vera"]).await;
    let album = ana.album("hers").await;
    ana.invite(&album, &luis.email, AlbumRole::Viewer)
        .await
        .expect("added");
    let guest = test.guest(&ana, &album).await;
    let theirs = luis.album("theirs").await;
    luis.invite(&theirs, &ana.email, AlbumRole::Editor)
        .await
        .expect("added");
    luis.invite(&theirs, &vera.email, AlbumRole::Editor)
        .await
        .expect("added");
    let [his, both] = images();
    // More than are taken out at once.
    for _ in 0..2 {
        ana.add(&theirs, &images::<150>()).await.expect("added");
    }
    ana.add(&theirs, &[both]).await.expect("added");
    vera.add(&theirs, &[both]).await.expect("added");
    luis.add(&theirs, &[his]).await.expect("added");

    test.delete_me(&ana).await;
    erase(&mut test, &luis, &theirs).await;
    assert_eq!(reason(luis.get(&album).await), "ALBUM_NOT_FOUND");
    assert_eq!(reason(guest.get(&album).await), "LINK_NOT_FOUND");
    assert_eq!(luis.order(&theirs).await, [both, his]);
    let places = luis.places(&theirs).await.expect("listed");
    assert_eq!(places[0].added_by, vera.id);
    let members = luis.members(&theirs).await.expect("listed");
    assert_eq!(members.len(), 1);
    assert_eq!(members[0].email, vera.email);
}

/// Runs the erasure until nothing but two images is left in `album`. The other services are away, which keeps it from
/// nothing that is its own.
async fn erase(test: &mut TestAlbums, owner: &Caller, album: &proto::Album) {
    let erasure = test.erasure.take().expect("not run yet");
    let away = || transport::remote("http://127.0.0.1:1").expect("an address");
    let stop = CancellationToken::new();
    let running = tokio::spawn(erasure.run(away(), away(), stop.clone()));
    let done = async {
        while owner.get(album).await.expect("there").image_count > 2 {
            tokio::task::yield_now().await;
        }
    };
    let in_time = tokio::time::timeout(Duration::from_secs(60), done).await;
    in_time.expect("erased");
    stop.cancel();
    running.await.expect("stopped");
}
