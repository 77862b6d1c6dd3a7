//! Keys for programs.

mod making;
mod using;

use pupila_proto::accounts::v1 as proto;
use pupila_runtime::{identity::Credential, rpc::RpcError};

use crate::fixtures::{Person, TestAccounts, nobody, told};

fn request(scopes: &[&str]) -> proto::CreateApiKeyRequest {
    proto::CreateApiKeyRequest {
        name: "script".to_owned(),
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        ..proto::CreateApiKeyRequest::default()
    }
}

async fn make(
    accounts: &TestAccounts,
    person: &Person,
    message: proto::CreateApiKeyRequest,
) -> Result<proto::CreateApiKeyResponse, RpcError> {
    told(
        accounts
            .users
            .clone()
            .create_api_key(person.call(message))
            .await,
    )
}

pub(crate) async fn create(
    accounts: &TestAccounts,
    person: &Person,
    scopes: &[&str],
) -> Result<proto::CreateApiKeyResponse, RpcError> {
    make(accounts, person, request(scopes)).await
}

pub(crate) async fn exchange(accounts: &TestAccounts, key: &str) -> Result<Credential, RpcError> {
    let api_key = key.to_owned();
    let call = nobody(proto::ExchangeApiKeyRequest { api_key });
    let answer = told(accounts.auth.clone().exchange_api_key(call).await)?;
    Ok(Credential::bearer(&answer.access.expect("a token").token))
}

async fn list(accounts: &TestAccounts, person: &Person) -> Vec<proto::ApiKey> {
    let call = person.call(proto::ListApiKeysRequest::default());
    told(accounts.users.clone().list_api_keys(call).await)
        .expect("keys")
        .api_keys
}

async fn revoke(accounts: &TestAccounts, person: &Person, id: &str) -> Result<(), RpcError> {
    let call = person.call(proto::RevokeApiKeyRequest { id: id.to_owned() });
    told(accounts.users.clone().revoke_api_key(call).await).map(drop)
}
