//! accounts is told which images are gone, sooner or later.

use std::collections::BTreeSet;

use crate::{
    harness::TestImages,
    pictures::{colour, numbered},
};

crate::on_every_engine!(
    accounts_is_told_of_images_that_are_gone,
    who_was_away_is_told_later,
);

async fn accounts_is_told_of_images_that_are_gone(images: TestImages) {
    let ana = images.user("ana");
    let _house = images.keep_house();
    let kept = ana.upload(numbered(1)).await.expect("stored");
    let gone = ana.upload(numbered(2)).await.expect("stored");
    ana.put_avatar(colour([1; 3])).await.expect("stored");
    ana.delete_avatar().await.expect("deleted");
    ana.delete(&gone.id).await.expect("deleted");
    assert_eq!(images.accounts.told().await, [gone.id]);
    ana.get(&kept.id).await.expect("kept");
}

async fn who_was_away_is_told_later(images: TestImages) {
    let ana = images.user("ana");
    images.accounts.go_away();
    let mut gone = BTreeSet::new();
    for number in 0..3 {
        let stored = ana.upload(numbered(number)).await.expect("stored");
        ana.delete(&stored.id).await.expect("deleted at once");
        gone.insert(stored.id);
    }
    // Another process finds them.
    let _house = images.keep_house();
    images.accounts.knocked().await;
    images.accounts.come_back();
    let told: BTreeSet<_> = images.accounts.told().await.into_iter().collect();
    assert_eq!(told, gone);
}
