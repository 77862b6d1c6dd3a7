//! What callers send that cannot be.

use pupila_core::ErrorCode;
use pupila_proto::accounts::v1 as proto;
use pupila_runtime::rpc::RpcError;

use crate::{
    fixtures::{PASSWORD, TestAccounts, nobody, reason, told},
    on_every_engine,
};

async fn every_field_at_fault_is_told_at_once(accounts: TestAccounts) {
    let register = async |email: &str, password: &str, name: &str, language: &str| {
        let message = proto::RegisterRequest {
            email: email.to_owned(),
            password: password.to_owned(),
            display_name: name.to_owned(),
            language: language.to_owned(),
        };
        told(accounts.auth.clone().register(nobody(message)).await)
    };
    let refused = register("nonsense", "short", " ", "fr")
        .await
        .expect_err("all wrong");
    assert_eq!(
        fields(&refused),
        ["display_name", "language", "email", "password"]
    );
    assert!(!refused.message.contains("nonsense"), "{}", refused.message);
    let huge = "ñ".repeat(100_000);
    let refused = register(&huge, &huge, &huge, &huge)
        .await
        .expect_err("all too long");
    assert_eq!(refused.violations.len(), 4);
    let refused = register("ana@example.com", PASSWORD, "a\nb", "en").await;
    assert_eq!(fields(&refused.expect_err("two lines")), ["display_name"]);
}

async fn what_is_nobodys_password_is_not_hashed(accounts: TestAccounts) {
    let sign_in = async |email: &str, password: &str| {
        let message = proto::SignInRequest {
            email: email.to_owned(),
            password: password.to_owned(),
            user_agent: String::new(),
        };
        told(accounts.auth.clone().sign_in(nobody(message)).await)
    };
    let refused = sign_in("nonsense", "").await.expect_err("both wrong");
    assert_eq!(fields(&refused), ["email", "password"]);
    let refused = sign_in("ana@example.com", &"a".repeat(1_000_000)).await;
    assert_eq!(fields(&refused.expect_err("too long")), ["password"]);
}

async fn a_device_may_say_of_itself_what_it_likes(accounts: TestAccounts) {
    accounts.register("ana").await.expect("registered");
    let message = proto::SignInRequest {
        email: "ana@example.com".to_owned(),
        password: PASSWORD.to_owned(),
        user_agent: "\n\0ñ".repeat(1_000),
    };
    let answer = told(accounts.auth.clone().sign_in(nobody(message)).await);
    answer.expect("signed in");
    let ana = accounts.sign_in("ana").await.expect("signed in");
    let call = ana.call(proto::ListSessionsRequest::default());
    let sessions = told(accounts.users.clone().list_sessions(call).await).expect("sessions");
    let agents: Vec<_> = sessions
        .sessions
        .iter()
        .map(|session| &*session.user_agent)
        .collect();
    assert!(agents.contains(&&*"ñ".repeat(300)));
}

async fn ids_and_pages_that_cannot_be_are_refused(accounts: TestAccounts) {
    let ana = accounts.administrator().await;
    let mut users = accounts.users.clone();
    for id in ["", "nonsense", &"a".repeat(100_000)] {
        let get = ana.call(proto::GetUserRequest { id: id.to_owned() });
        let refused = told(users.get_user(get).await).expect_err("no id");
        assert_eq!(
            (refused.code, fields(&refused)),
            (ErrorCode::InvalidArgument, vec!["id"])
        );
        let revoke = ana.call(proto::RevokeSessionRequest { id: id.to_owned() });
        assert_eq!(
            reason(told(users.revoke_session(revoke).await)),
            "INVALID_ARGUMENT"
        );
    }
    let list = ana.call(proto::ListUsersRequest {
        page_size: 201,
        ..proto::ListUsersRequest::default()
    });
    let refused = told(users.list_users(list).await).expect_err("too long");
    assert_eq!(fields(&refused), ["page_size"]);
    let list = ana.call(proto::ListAuditRequest {
        page_token: "nonsense".to_owned(),
        ..proto::ListAuditRequest::default()
    });
    let refused = told(users.list_audit(list).await).expect_err("made up");
    assert_eq!(fields(&refused), ["page_token"]);
}

async fn a_filter_of_the_record_that_nothing_can_pass_is_refused(accounts: TestAccounts) {
    let ana = accounts.administrator().await;
    let time = |seconds| Some(prost_types::Timestamp { seconds, nanos: 0 });
    let list = async |message| told(accounts.users.clone().list_audit(ana.call(message)).await);
    let reversed = proto::ListAuditRequest {
        from_time: time(2),
        until_time: time(1),
        ..proto::ListAuditRequest::default()
    };
    let refused = list(reversed).await.expect_err("reversed");
    assert_eq!(fields(&refused), ["until_time"]);
    let never = proto::ListAuditRequest {
        from_time: time(i64::MAX),
        ..proto::ListAuditRequest::default()
    };
    let refused = list(never).await.expect_err("no such time");
    assert_eq!(fields(&refused), ["from_time"]);
    let nobody = proto::ListAuditRequest {
        actor: "nonsense".to_owned(),
        ..proto::ListAuditRequest::default()
    };
    assert_eq!(fields(&list(nobody).await.expect_err("no id")), ["actor"]);
}

async fn a_key_that_cannot_be_is_refused(accounts: TestAccounts) {
    let ana = accounts.administrator().await;
    let create = async |name: &str, scopes: &[&str], seconds: i64| {
        let message = proto::CreateApiKeyRequest {
            name: name.to_owned(),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            expire_time: Some(prost_types::Timestamp { seconds, nanos: 0 }),
            idempotency_key: String::new(),
        };
        told(
            accounts
                .users
                .clone()
                .create_api_key(ana.call(message))
                .await,
        )
    };
    let refused = create("", &[], 0).await.expect_err("all wrong");
    assert_eq!(fields(&refused), ["name", "expire_time", "scopes"]);
    let refused = create("a", &["root"], 4_000_000_000)
        .await
        .expect_err("no scope");
    assert_eq!(fields(&refused), ["scopes"]);
}

async fn roles_that_are_none_are_refused(accounts: TestAccounts) {
    let ana = accounts.administrator().await;
    for role in [0, 7, -1] {
        let change = proto::UpdateUserRequest {
            id: ana.id.clone(),
            role: Some(role),
            ..proto::UpdateUserRequest::default()
        };
        let refused = accounts
            .update_user(&ana, change)
            .await
            .expect_err("no role");
        assert_eq!(fields(&refused), ["role"]);
    }
}

fn fields(refused: &RpcError) -> Vec<&str> {
    let violations = refused.violations.iter();
    violations.map(|violation| &*violation.field).collect()
}

on_every_engine! {
    every_field_at_fault_is_told_at_once,
    what_is_nobodys_password_is_not_hashed,
    a_device_may_say_of_itself_what_it_likes,
    ids_and_pages_that_cannot_be_are_refused,
    a_filter_of_the_record_that_nothing_can_pass_is_refused,
    a_key_that_cannot_be_is_refused,
    roles_that_are_none_are_refused,
}
