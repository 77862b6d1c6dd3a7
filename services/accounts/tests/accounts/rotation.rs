//! The keys that tokens are signed with.

use std::collections::HashSet;

use futures_util::future::join_all;
use pupila_proto::accounts::v1 as proto;

use crate::{
    fixtures::{TestAccounts, nobody, told},
    on_every_engine,
};

const MINUTE: i64 = 60;
const DAY: i64 = 86_400;

async fn replicas_that_start_together_sign_with_one_key(accounts: TestAccounts) {
    let replicas = join_all((0..4).map(|_| accounts.replica())).await;
    let keys = listed(&accounts).await;
    assert_eq!(keys.len(), 1);
    accounts.administrator().await;
    for replica in &replicas {
        assert_eq!(listed(replica).await, keys);
        let ana = replica.sign_in("admin").await.expect("signed in");
        accounts.me(&ana).await.expect("the others know the key");
    }
}

async fn replicas_that_rotate_together_make_one_key(accounts: TestAccounts) {
    let other = accounts.replica().await;
    accounts.wait(30 * DAY);
    join_all([accounts.housekeeping.tidy(), other.housekeeping.tidy()]).await;
    assert_eq!(listed(&accounts).await.len(), 2);
}

async fn a_new_key_is_known_before_it_signs_and_an_old_one_after(accounts: TestAccounts) {
    accounts.administrator().await;
    let first = listed(&accounts).await;
    accounts.wait(30 * DAY - 10 * MINUTE);
    accounts.housekeeping.tidy().await;
    let both = listed(&accounts).await;
    assert_eq!(both.len(), 2);

    // The first signs still.
    let before = accounts.sign_in("admin").await.expect("signed in");
    assert!(first.contains(&signer(&before.tokens)));
    accounts.wait(10 * MINUTE - 1);
    let last = accounts.sign_in("admin").await.expect("signed in");
    accounts.wait(1);
    let after = accounts.sign_in("admin").await.expect("signed in");
    assert!(first.contains(&signer(&last.tokens)));
    assert!(!first.contains(&signer(&after.tokens)));
    accounts.wait(4 * MINUTE);
    accounts
        .me(&last)
        .await
        .expect("signed with the old key, and not ended");

    accounts.wait(2 * 60 * MINUTE);
    accounts.housekeeping.tidy().await;
    let left = listed(&accounts).await;
    assert_eq!(left.len(), 1);
    assert_eq!(left, &both - &first);
    assert_eq!(left, HashSet::from([signer(&after.tokens)]));
}

async fn a_replica_learns_of_a_key_that_another_made(accounts: TestAccounts) {
    let other = accounts.replica().await;
    accounts.administrator().await;
    accounts.wait(30 * DAY - 10 * MINUTE);
    accounts.housekeeping.tidy().await;
    accounts.wait(10 * MINUTE);
    // Nobody tidied there.
    let (here, there) = (
        accounts.sign_in("admin").await,
        other.sign_in("admin").await,
    );
    let (here, there) = (here.expect("signed in"), there.expect("signed in"));
    assert_eq!(signer(&here.tokens), signer(&there.tokens));
}

async fn a_process_that_slept_long_goes_on(accounts: TestAccounts) {
    accounts.administrator().await;
    accounts.wait(365 * DAY);
    let ana = accounts.sign_in("admin").await.expect("signed in");
    accounts.me(&ana).await.expect("in");
    accounts.housekeeping.tidy().await;
    accounts.me(&ana).await.expect("in");
    accounts.wait(10 * MINUTE);
    let ana = accounts.refresh(&ana).await.expect("refreshed");
    accounts.me(&ana).await.expect("in");
}

/// The ids of the keys that are listed.
async fn listed(accounts: &TestAccounts) -> HashSet<String> {
    let call = nobody(proto::ListKeysRequest {});
    let answer = told(accounts.auth.clone().list_keys(call).await).expect("keys");
    let keys = answer
        .keys
        .into_iter()
        .inspect(|key| assert_eq!(key.public_key.len(), 32));
    keys.map(|key| key.id).collect()
}

/// The id of the key that signed.
fn signer(tokens: &proto::Tokens) -> String {
    use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
    let access = tokens.access.as_ref().expect("a token");
    let (header, _) = access.token.split_once('.').expect("a JWT");
    let header = BASE64_URL_SAFE_NO_PAD.decode(header).expect("base64url");
    let header: serde_json::Value = serde_json::from_slice(&header).expect("JSON");
    header["kid"].as_str().expect("a key id").to_owned()
}

on_every_engine! {
    replicas_that_start_together_sign_with_one_key,
    replicas_that_rotate_together_make_one_key,
    a_new_key_is_known_before_it_signs_and_an_old_one_after,
    a_replica_learns_of_a_key_that_another_made,
    a_process_that_slept_long_goes_on,
}
