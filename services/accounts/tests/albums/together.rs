//! Many at the same time: nothing is lost, nothing is there twice.

use std::{collections::HashSet, sync::Arc};

use pupila_core::{ErrorCode, ImageId};
use pupila_proto::accounts::v1::{self as proto, AlbumRole};
use pupila_runtime::rpc::RpcError;
use tokio::task::JoinSet;

use crate::{
    callers::{Caller, images},
    fixtures::{TestAlbums, reason},
    on_every_engine,
};

on_every_engine!(
    two_editors_who_add_the_same_images_add_each_once,
    moves_and_additions_lose_no_image,
    of_two_who_change_the_same_revision_one_is_refused,
    additions_to_an_album_that_goes_leave_nothing,
    a_creation_that_is_repeated_at_once_makes_one_album,
    one_address_is_one_member,
    images_that_come_and_go_in_many_albums_are_counted_right,
);

async fn two_editors_who_add_the_same_images_add_each_once(test: TestAlbums) {
    let [ana, luis] = test.users(["ana", "luis"]).await;
    let album = ana.album("Lisbon").await;
    ana.invite(&album, &luis.email, AlbumRole::Editor)
        .await
        .expect("added");
    let all: [ImageId; 60] = images();
    let mut tasks = JoinSet::new();
    for caller in [ana.clone(), luis.clone(), ana.clone(), luis.clone()] {
        let album = album.clone();
        tasks.spawn(async move {
            for some in all.chunks(7) {
                caller.add(&album, some).await.expect("added");
            }
        });
    }
    tasks.join_all().await;
    let order = ana.order(&album).await;
    assert_eq!(order, all);
    assert_eq!(ana.get(&album).await.expect("there").image_count, 60);
    // Both added each of them, so both share what is theirs.
    assert_eq!(luis.shared(&ana, &all).await.len(), 60);
    assert_eq!(ana.shared(&luis, &all).await.len(), 60);
}

async fn moves_and_additions_lose_no_image(test: TestAlbums) {
    let ana = test.user("ana").await;
    let album = Arc::new(ana.album("Lisbon").await);
    let first: [ImageId; 4] = images();
    ana.add(&album, &first).await.expect("added");
    let mut tasks = JoinSet::new();
    for turn in 0..4 {
        let (caller, album) = (ana.clone(), Arc::clone(&album));
        tasks.spawn(async move {
            let mut added = Vec::new();
            for n in 0..12 {
                let image = first[(turn + n) % 4];
                let after = first[(turn + n + 1) % 4];
                caller.put(&album, image, Some(after)).await.expect("moved");
                let new: [ImageId; 2] = images();
                caller.add(&album, &new).await.expect("added");
                caller
                    .put(&album, new[1], Some(first[0]))
                    .await
                    .expect("moved");
                added.extend(new);
            }
            added
        });
    }
    let added = tasks.join_all().await.concat();
    let expected: HashSet<_> = first.into_iter().chain(added).collect();
    let order = ana.order(&album).await;
    assert_eq!(order.len(), expected.len());
    assert_eq!(order.into_iter().collect::<HashSet<_>>(), expected);
    let count = ana.get(&album).await.expect("there").image_count;
    assert_eq!(count, expected.len() as u64);
}

async fn of_two_who_change_the_same_revision_one_is_refused(test: TestAlbums) {
    let [ana, luis] = test.users(["ana", "luis"]).await;
    let album = ana.album("Lisbon").await;
    ana.invite(&album, &luis.email, AlbumRole::Editor)
        .await
        .expect("added");
    let rename = |name: String| proto::UpdateAlbumRequest {
        id: album.id.clone(),
        name: Some(name),
        expected_revision: Some(1),
        ..Default::default()
    };
    let mut tasks = JoinSet::new();
    for (n, caller) in [&ana, &luis, &ana, &luis].into_iter().enumerate() {
        let (caller, message) = (caller.clone(), rename(format!("{n}")));
        tasks.spawn(async move { caller.update_album(message).await });
    }
    let answers = tasks.join_all().await;
    let (changed, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert_eq!(changed.len(), 1);
    for error in refused.into_iter().filter_map(Result::err) {
        assert_eq!(error.code, ErrorCode::PreconditionFailed);
    }
    let changed = changed.into_iter().flatten().next();
    let changed = changed.and_then(|answer| answer.album).expect("it");
    assert_eq!(ana.get(&album).await.expect("there").name, changed.name);
}

async fn additions_to_an_album_that_goes_leave_nothing(test: TestAlbums) {
    let [ana, luis] = test.users(["ana", "luis"]).await;
    for _ in 0..5 {
        let album = ana.album("Lisbon").await;
        ana.invite(&album, &luis.email, AlbumRole::Editor)
            .await
            .expect("added");
        let his: [ImageId; 20] = images();
        let adding = additions(luis.clone(), album.clone(), his);
        let (added, deleted) = tokio::join!(adding, ana.delete(&album));
        deleted.expect("deleted");
        if let Err(error) = added {
            assert_eq!(error.reason, "ALBUM_NOT_FOUND");
        }
        assert_eq!(ana.shared(&luis, &his).await, []);
    }
}

async fn additions(
    caller: Caller,
    album: proto::Album,
    images: [ImageId; 20],
) -> Result<(), RpcError> {
    for image in images {
        caller.add(&album, &[image]).await?;
    }
    Ok(())
}

async fn a_creation_that_is_repeated_at_once_makes_one_album(test: TestAlbums) {
    let ana = test.user("ana").await;
    let mut tasks = JoinSet::new();
    for _ in 0..8 {
        let caller = ana.clone();
        let message = proto::CreateAlbumRequest {
            name: "Lisbon".to_owned(),
            description: String::new(),
            idempotency_key: "key-1".to_owned(),
        };
        tasks.spawn(async move { caller.create_album(message).await.expect("made or found") });
    }
    let made = tasks.join_all().await;
    assert!(made.iter().all(|answer| *answer == made[0]));
    let listed = ana.list_albums(proto::ListAlbumsRequest::default()).await;
    assert_eq!(listed.expect("listed").albums.len(), 1);
}

async fn one_address_is_one_member(test: TestAlbums) {
    let [ana, luis] = test.users(["ana", "luis"]).await;
    let album = ana.album("Lisbon").await;
    let mut tasks = JoinSet::new();
    for n in 0..8 {
        let role = [AlbumRole::Viewer, AlbumRole::Editor][n % 2];
        let (caller, album, email) = (ana.clone(), album.clone(), luis.email.clone());
        tasks.spawn(async move { caller.invite(&album, &email, role).await.expect("added") });
    }
    let added = tasks.join_all().await;
    assert!(added.iter().all(|member| member.id == added[0].id));
    assert_eq!(ana.members(&album).await.expect("listed").len(), 1);
}

async fn images_that_come_and_go_in_many_albums_are_counted_right(test: TestAlbums) {
    let [ana, luis] = test.users(["ana", "luis"]).await;
    let service = test.images_service().await;
    let all: [ImageId; 12] = images();
    let mut albums = Vec::new();
    for n in 0..4 {
        let album = ana.album(&format!("{n}")).await;
        ana.invite(&album, &luis.email, AlbumRole::Editor)
            .await
            .expect("added");
        albums.push(album);
    }
    let mut tasks = JoinSet::new();
    for (album, caller) in albums.iter().zip([&ana, &luis, &ana, &luis]) {
        let (caller, album) = (caller.clone(), album.clone());
        tasks.spawn(async move {
            for some in all.windows(4).chain(all.windows(3)) {
                caller.add(&album, some).await.expect("added");
                // It may have been forgotten in between.
                let removed = caller.remove(&album, some[1]).await;
                assert!(["OK", "IMAGE_NOT_IN_ALBUM"].contains(&&*reason(removed)));
            }
        });
    }
    for half in [&all[..6], &all[6..]] {
        let service = service.clone();
        let image_ids: Vec<_> = half.iter().map(ToString::to_string).collect();
        tasks.spawn(async move {
            for _ in 0..10 {
                let image_ids = image_ids.clone();
                let message = proto::ForgetImagesRequest { image_ids };
                service.forget_images(message).await.expect("forgotten");
            }
        });
    }
    tasks.join_all().await;
    for album in &albums {
        let count = ana.get(album).await.expect("there").image_count;
        assert_eq!(ana.order(album).await.len() as u64, count);
    }
}
