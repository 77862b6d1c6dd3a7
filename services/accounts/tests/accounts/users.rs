//! What administrators do with users, and users with themselves.

use futures_util::future::join_all;
use pupila_core::ErrorCode;
use pupila_proto::accounts::v1 as proto;

use crate::{
    fixtures::{PASSWORD, Person, TestAccounts, reason, told},
    on_every_engine,
};

async fn users_change_what_others_see_of_them(accounts: TestAccounts) {
    let ana = accounts.administrator().await;
    let update = async |message: proto::UpdateMeRequest| {
        let answer = told(accounts.users.clone().update_me(ana.call(message)).await);
        answer.map(|answer| answer.user.expect("a user"))
    };
    let named = update(proto::UpdateMeRequest {
        display_name: Some(" Ana Pérez ".to_owned()),
        ..proto::UpdateMeRequest::default()
    });
    let me = named.await.expect("changed");
    assert_eq!(
        (me.display_name.as_str(), me.language.as_str()),
        ("Ana Pérez", "en")
    );
    assert_eq!(me.revision, 2);

    let spanish = proto::UpdateMeRequest {
        language: Some("es".to_owned()),
        expected_revision: Some(2),
        ..proto::UpdateMeRequest::default()
    };
    let me = update(spanish.clone()).await.expect("changed");
    assert_eq!(
        (me.display_name.as_str(), me.language.as_str()),
        ("Ana Pérez", "es")
    );
    let stale = update(spanish).await.expect_err("somebody else changed it");
    assert_eq!(
        (stale.code, &*stale.reason),
        (ErrorCode::PreconditionFailed, "REVISION_MISMATCH")
    );
    assert_eq!(accounts.me(&ana).await.expect("in").revision, 3);
}

async fn administrators_find_users_by_how_they_begin(accounts: TestAccounts) {
    let admin = accounts.administrator().await;
    for name in ["Ana", "anabel", "luis", "under_score", "underXscore"] {
        accounts.wait(1);
        accounts.register(name).await.expect("registered");
    }
    let find = async |query: &str| {
        let message = proto::ListUsersRequest {
            query: query.to_owned(),
            ..proto::ListUsersRequest::default()
        };
        let answer = told(accounts.users.clone().list_users(admin.call(message)).await);
        let users = answer.expect("users").users.into_iter();
        users.map(|user| user.display_name).collect::<Vec<_>>()
    };
    assert_eq!(find("ANA").await, ["anabel", "Ana"]);
    assert_eq!(find("ana@").await, ["Ana"]);
    assert_eq!(find("under_").await, ["under_score"]);
    assert_eq!(find("%").await, [""; 0]);
    assert_eq!(find("").await.len(), 6);
}

async fn pages_of_users_survive_new_ones(accounts: TestAccounts) {
    let admin = accounts.administrator().await;
    for name in ["a", "b", "c"] {
        accounts.wait(1);
        accounts.register(name).await.expect("registered");
    }
    let page = async |token: &str| {
        let message = proto::ListUsersRequest {
            page_size: 2,
            page_token: token.to_owned(),
            query: String::new(),
        };
        told(accounts.users.clone().list_users(admin.call(message)).await).expect("users")
    };
    let names = |page: &proto::ListUsersResponse| {
        let users = page.users.iter();
        users
            .map(|user| user.display_name.clone())
            .collect::<Vec<_>>()
    };
    let first = page("").await;
    accounts.wait(1);
    accounts.register("d").await.expect("registered");
    let second = page(&first.next_page_token).await;
    assert_eq!(
        (names(&first), names(&second)),
        (
            vec!["c".to_owned(), "b".to_owned()],
            vec!["a".to_owned(), "admin".to_owned()],
        )
    );
    assert_eq!(second.next_page_token, "");
}

async fn who_is_blocked_is_out_until_they_are_let_in(accounts: TestAccounts) {
    let admin = accounts.administrator().await;
    let ana = accounts.person("ana").await;
    let user = accounts
        .update_user(&admin, block(&ana, true))
        .await
        .expect("blocked");
    assert_eq!(user.state(), proto::UserState::Blocked);
    assert_eq!(
        reason(accounts.refresh(&ana).await),
        "REFRESH_TOKEN_INVALID"
    );
    assert_eq!(reason(accounts.me(&ana).await), "ACCOUNT_ENDED");
    assert_eq!(reason(accounts.sign_in("ana").await), "ACCOUNT_BLOCKED");
    // Whoever does not know the password is not told.
    let guess = accounts.sign_in_with("ana", "not the password").await;
    assert_eq!(reason(guess), "CREDENTIALS_INVALID");

    accounts
        .update_user(&admin, block(&ana, false))
        .await
        .expect("let in");
    accounts.sign_in("ana").await.expect("signed in");
    let actions = accounts.actions(&admin).await;
    assert_eq!(actions[..2], ["session.signed_in", "user.unblocked"]);
    assert!(actions.contains(&"user.blocked".to_owned()));
}

async fn a_new_role_holds_from_the_next_token_on(accounts: TestAccounts) {
    let admin = accounts.administrator().await;
    let ana = accounts.person("ana").await;
    let promote = role(&ana, proto::Role::Admin);
    accounts
        .update_user(&admin, promote)
        .await
        .expect("promoted");
    assert_eq!(reason(accounts.user(&ana, &admin.id).await), "ADMIN_ONLY");
    let ana = accounts.refresh(&ana).await.expect("refreshed");
    accounts
        .user(&ana, &admin.id)
        .await
        .expect("an administrator");
    let entry = &accounts.record(&admin).await[0];
    assert_eq!(entry.action, "user.role_changed");
    assert_eq!(entry.detail_json, r#"{"after":"admin","before":"user"}"#);
}

async fn the_last_administrator_cannot_be_lost(accounts: TestAccounts) {
    let admin = accounts.administrator().await;
    accounts.person("ana").await;
    let demoted = accounts
        .update_user(&admin, role(&admin, proto::Role::User))
        .await;
    let blocked = accounts.update_user(&admin, block(&admin, true)).await;
    let call = admin.call(proto::DeleteUserRequest {
        id: admin.id.clone(),
    });
    let deleted = told(accounts.users.clone().delete_user(call).await);
    let call = admin.call(proto::DeleteMeRequest {
        password: PASSWORD.to_owned(),
    });
    let gone = told(accounts.users.clone().delete_me(call).await);
    assert_eq!(reason(demoted), "LAST_ADMINISTRATOR");
    assert_eq!(reason(blocked), "LAST_ADMINISTRATOR");
    assert_eq!(reason(deleted), "LAST_ADMINISTRATOR");
    assert_eq!(reason(gone), "LAST_ADMINISTRATOR");
    let me = accounts.me(&admin).await.expect("as before");
    assert_eq!(
        (me.role(), me.state(), me.revision),
        (proto::Role::Admin, proto::UserState::Active, 1,)
    );
}

async fn of_administrators_who_put_each_other_out_one_stays(accounts: TestAccounts) {
    let admin = accounts.administrator().await;
    let other = accounts.replica().await;
    let mut all = vec![admin.clone()];
    for name in ["a", "b", "c"] {
        let person = accounts.person(name).await;
        let promote = role(&person, proto::Role::Admin);
        accounts
            .update_user(&admin, promote)
            .await
            .expect("promoted");
        all.push(accounts.refresh(&person).await.expect("refreshed"));
    }
    let acts = all.iter().enumerate().map(|(number, person)| {
        let victim = &all[(number + 1) % all.len()];
        let replica = if number % 2 == 0 { &accounts } else { &other };
        let change = match number % 3 {
            0 => role(victim, proto::Role::User),
            1 => block(victim, true),
            _ => role(person, proto::Role::User),
        };
        replica.update_user(person, change)
    });
    join_all(acts).await;
    let mut left = 0;
    for person in &all {
        let user = accounts.user(&admin, &person.id).await.expect("a user");
        left += usize::from(
            (user.role(), user.state()) == (proto::Role::Admin, proto::UserState::Active),
        );
    }
    assert!(left >= 1);
    // Whoever is left is the last.
    for (actor, person) in all
        .iter()
        .flat_map(|actor| all.iter().map(move |person| (actor, person)))
    {
        let _ = accounts
            .update_user(actor, role(person, proto::Role::User))
            .await;
    }
    let users = proto::ListUsersRequest::default();
    let users = told(accounts.users.clone().list_users(admin.call(users)).await).expect("users");
    let administers = |user: &&proto::User| {
        user.role() == proto::Role::Admin && user.state() == proto::UserState::Active
    };
    assert_eq!(users.users.iter().filter(administers).count(), 1);
}

async fn changes_of_rights_are_conditional_where_one_wishes(accounts: TestAccounts) {
    let admin = accounts.administrator().await;
    let ana = accounts.person("ana").await;
    let conditional = |revision| proto::UpdateUserRequest {
        expected_revision: Some(revision),
        ..role(&ana, proto::Role::Admin)
    };
    let stale = accounts
        .update_user(&admin, conditional(7))
        .await
        .expect_err("never had it");
    assert_eq!(
        (stale.code, &*stale.reason),
        (ErrorCode::PreconditionFailed, "REVISION_MISMATCH")
    );
    let changed = accounts
        .update_user(&admin, conditional(1))
        .await
        .expect("changed");
    assert_eq!((changed.role(), changed.revision), (proto::Role::Admin, 2));

    let nobody = proto::UpdateUserRequest {
        id: "01900000-0000-7000-8000-000000000000".to_owned(),
        ..conditional(1)
    };
    assert_eq!(
        reason(accounts.update_user(&admin, nobody).await),
        "USER_NOT_FOUND"
    );
}

async fn only_administrators_see_others(accounts: TestAccounts) {
    let admin = accounts.administrator().await;
    let ana = accounts.person("ana").await;
    assert_eq!(reason(accounts.user(&ana, &admin.id).await), "ADMIN_ONLY");
    let change = accounts
        .update_user(&ana, role(&ana, proto::Role::Admin))
        .await;
    assert_eq!(reason(change), "ADMIN_ONLY");
    let call = ana.call(proto::ListAuditRequest::default());
    assert_eq!(
        reason(told(accounts.users.clone().list_audit(call).await)),
        "ADMIN_ONLY"
    );
}

fn block(person: &Person, blocked: bool) -> proto::UpdateUserRequest {
    proto::UpdateUserRequest {
        id: person.id.clone(),
        blocked: Some(blocked),
        ..proto::UpdateUserRequest::default()
    }
}

fn role(person: &Person, role: proto::Role) -> proto::UpdateUserRequest {
    proto::UpdateUserRequest {
        id: person.id.clone(),
        role: Some(role.into()),
        ..proto::UpdateUserRequest::default()
    }
}

on_every_engine! {
    users_change_what_others_see_of_them,
    administrators_find_users_by_how_they_begin,
    pages_of_users_survive_new_ones,
    who_is_blocked_is_out_until_they_are_let_in,
    a_new_role_holds_from_the_next_token_on,
    the_last_administrator_cannot_be_lost,
    of_administrators_who_put_each_other_out_one_stays,
    changes_of_rights_are_conditional_where_one_wishes,
    only_administrators_see_others,
}
