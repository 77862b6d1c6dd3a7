//! Who may administer is decided anew with every change: a token is older than the loss of the rights it tells of.

use futures_util::future::join_all;
use pupila_core::{ErrorCode, UserId};
use pupila_proto::accounts::v1 as proto;
use pupila_runtime::{identity::Credential, rpc::RpcError};

use crate::{
    fixtures::{PASSWORD, Person, TestAccounts, call, email, nobody, reason, told},
    on_every_engine,
};

async fn who_was_blocked_cannot_undo_it_with_an_old_token(accounts: TestAccounts) {
    let (admin, other) = two(&accounts).await;
    let block = |person: &Person, blocked| proto::UpdateUserRequest {
        id: person.id.clone(),
        blocked: Some(blocked),
        ..proto::UpdateUserRequest::default()
    };
    accounts
        .update_user(&admin, block(&other, true))
        .await
        .expect("blocked");
    can_change_nothing(&accounts, &other, &admin).await;
    let undone = accounts.update_user(&other, block(&other, false)).await;
    assert_eq!(reason(undone), "ADMIN_ONLY");
    let blocked = accounts.user(&admin, &other.id).await.expect("a user");
    assert_eq!(blocked.state(), proto::UserState::Blocked);
}

async fn who_was_demoted_cannot_undo_it_with_an_old_token(accounts: TestAccounts) {
    let (admin, other) = two(&accounts).await;
    accounts
        .update_user(&admin, role(&other, proto::Role::User))
        .await
        .expect("demoted");
    can_change_nothing(&accounts, &other, &admin).await;
    let undone = accounts
        .update_user(&other, role(&other, proto::Role::Admin))
        .await;
    assert_eq!(reason(undone), "ADMIN_ONLY");
}

async fn who_was_deleted_takes_nobody_along(accounts: TestAccounts) {
    let (admin, other) = two(&accounts).await;
    delete(&accounts, &admin, &other.id).await.expect("decided");
    can_change_nothing(&accounts, &other, &admin).await;
}

async fn of_two_who_put_each_other_out_one_comes_first(accounts: TestAccounts) {
    let replica = accounts.replica().await;
    let (admin, mut other) = two(&accounts).await;
    for _ in 0..10 {
        let acts = [
            accounts.update_user(&admin, role(&other, proto::Role::User)),
            replica.update_user(&other, role(&admin, proto::Role::User)),
        ];
        let outcomes = join_all(acts.map(Box::pin)).await;
        let refused = outcomes.into_iter().filter_map(Result::err);
        let refused: Vec<_> = refused.map(|refused| refused.reason).collect();
        assert_eq!(refused, ["ADMIN_ONLY"]);
        let me = accounts.me(&admin).await.expect("in");
        let (left, out) = match me.role() {
            proto::Role::Admin => (&admin, &other),
            _ => (&other, &admin),
        };
        let promote = role(out, proto::Role::Admin);
        accounts
            .update_user(left, promote)
            .await
            .expect("still one");
        other = accounts.refresh(&other).await.expect("refreshed");
    }
}

async fn nobody_deletes_the_local_user(accounts: TestAccounts) {
    let local = accounts.configured(|config| config.local_user = true).await;
    let message = nobody(proto::SignInLocallyRequest {});
    let answer = told(local.auth.clone().sign_in_locally(message).await);
    let access = answer.expect("the local user").access.expect("a token");
    let credential = Credential::bearer(&access.token);
    let id = UserId::LOCAL.to_string();
    let message = call(
        credential,
        None,
        proto::DeleteUserRequest { id: id.clone() },
    );
    let itself = told(local.users.clone().delete_user(message).await);
    assert_eq!(reason(itself), "LOCAL_USER");
    // Also not after the operator turned accounts on.
    let admin = accounts.administrator().await;
    let refused = delete(&accounts, &admin, &id).await.expect_err("it stays");
    assert_eq!(refused.code, ErrorCode::Conflict);
    assert_eq!(refused.reason, "LOCAL_USER");
}

/// Two administrators.
async fn two(accounts: &TestAccounts) -> (Person, Person) {
    let admin = accounts.administrator().await;
    let other = accounts.person("other").await;
    accounts
        .update_user(&admin, role(&other, proto::Role::Admin))
        .await
        .expect("promoted");
    let other = accounts.refresh(&other).await.expect("refreshed");
    (admin, other)
}

/// What somebody can do whose token alone says that they administer.
async fn can_change_nothing(accounts: &TestAccounts, person: &Person, victim: &Person) {
    let changed = accounts
        .update_user(person, role(victim, proto::Role::User))
        .await
        .expect_err("no administrator");
    assert_eq!(changed.code, ErrorCode::PermissionDenied);
    assert_eq!(changed.reason, "ADMIN_ONLY");
    let deleted = delete(accounts, person, &victim.id).await;
    assert_eq!(reason(deleted), "ADMIN_ONLY");
    let create = person.call(proto::CreateUserRequest {
        email: email("puppet"),
        password: PASSWORD.to_owned(),
        display_name: "puppet".to_owned(),
        role: proto::Role::Admin.into(),
        ..proto::CreateUserRequest::default()
    });
    let created = told(accounts.users.clone().create_user(create).await);
    assert_eq!(reason(created), "ADMIN_ONLY");
    let puppet = accounts.sign_in("puppet").await;
    assert_eq!(reason(puppet), "CREDENTIALS_INVALID");
}

async fn delete(accounts: &TestAccounts, actor: &Person, id: &str) -> Result<(), RpcError> {
    let message = actor.call(proto::DeleteUserRequest { id: id.to_owned() });
    told(accounts.users.clone().delete_user(message).await).map(drop)
}

fn role(person: &Person, role: proto::Role) -> proto::UpdateUserRequest {
    proto::UpdateUserRequest {
        id: person.id.clone(),
        role: Some(role.into()),
        ..proto::UpdateUserRequest::default()
    }
}

on_every_engine! {
    who_was_blocked_cannot_undo_it_with_an_old_token,
    who_was_demoted_cannot_undo_it_with_an_old_token,
    who_was_deleted_takes_nobody_along,
    of_two_who_put_each_other_out_one_comes_first,
    nobody_deletes_the_local_user,
}
