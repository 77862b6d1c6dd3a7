//! `pupila.accounts.v1.AuthService`.

use std::sync::Arc;

use pupila_core::Caller;
use pupila_db::Dialect;
use pupila_proto::accounts::v1::{self as proto, auth_service_server::AuthService as AuthApi};
use pupila_runtime::identity;
use tonic::{Request, Response, Status};

use super::{decode, encode, origin};
use crate::{accounts::Accounts, albums::Albums, registration::NewAccount};

/// `pupila.accounts.v1.AuthService`.
pub(crate) struct AuthService<DB: Dialect> {
    accounts: Arc<Accounts<DB>>,
    albums: Albums<DB>,
}

impl<DB: Dialect> AuthService<DB> {
    /// The service over `accounts`.
    pub(crate) fn new(accounts: Arc<Accounts<DB>>) -> Self {
        Self {
            albums: Albums::new(Arc::clone(&accounts)),
            accounts,
        }
    }
}

#[tonic::async_trait]
impl<DB: Dialect> AuthApi for AuthService<DB> {
    async fn register(
        &self,
        request: Request<proto::RegisterRequest>,
    ) -> Result<Response<proto::RegisterResponse>, Status> {
        let origin = origin(&self.accounts, &request)?;
        let proto::RegisterRequest {
            email,
            password,
            display_name,
            language,
        } = request.into_inner();
        let new = NewAccount::new(&email, password, &display_name, &language)?;
        self.accounts.register(new, &origin).await?;
        Ok(Response::new(proto::RegisterResponse {}))
    }

    async fn sign_in(
        &self,
        request: Request<proto::SignInRequest>,
    ) -> Result<Response<proto::SignInResponse>, Status> {
        let origin = origin(&self.accounts, &request)?;
        let request = request.into_inner();
        let (email, password) = decode::credentials(&request)?;
        let agent = &request.user_agent;
        let tokens = self
            .accounts
            .sign_in(&email, password, agent, &origin)
            .await?;
        Ok(Response::new(proto::SignInResponse {
            tokens: Some(encode::tokens(tokens)),
        }))
    }

    async fn refresh(
        &self,
        request: Request<proto::RefreshRequest>,
    ) -> Result<Response<proto::RefreshResponse>, Status> {
        let origin = origin(&self.accounts, &request)?;
        let token = request.into_inner().refresh_token;
        let tokens = self.accounts.refresh(&token, &origin).await?;
        Ok(Response::new(proto::RefreshResponse {
            tokens: Some(encode::tokens(tokens)),
        }))
    }

    async fn sign_out(
        &self,
        request: Request<proto::SignOutRequest>,
    ) -> Result<Response<proto::SignOutResponse>, Status> {
        let origin = origin(&self.accounts, &request)?;
        let caller = identity::user(request.extensions())?;
        self.accounts.sign_out(caller, &origin).await?;
        Ok(Response::new(proto::SignOutResponse {}))
    }

    async fn exchange_api_key(
        &self,
        request: Request<proto::ExchangeApiKeyRequest>,
    ) -> Result<Response<proto::ExchangeApiKeyResponse>, Status> {
        let key = request.into_inner().api_key;
        let token = self.accounts.exchange_api_key(&key).await?;
        Ok(Response::new(proto::ExchangeApiKeyResponse {
            access: Some(encode::access(token)),
        }))
    }

    async fn open_link(
        &self,
        request: Request<proto::OpenLinkRequest>,
    ) -> Result<Response<proto::OpenLinkResponse>, Status> {
        let origin = origin(&self.accounts, &request)?;
        let proto::OpenLinkRequest {
            link_token,
            password,
        } = request.into_inner();
        let guest = self
            .albums
            .open_link(&link_token, &password, &origin)
            .await?;
        let token = self.accounts.keys.sign(&Caller::Guest(guest)).await?;
        Ok(Response::new(proto::OpenLinkResponse {
            access: Some(encode::access(token)),
            album_id: guest.album.to_string(),
        }))
    }

    async fn sign_in_locally(
        &self,
        request: Request<proto::SignInLocallyRequest>,
    ) -> Result<Response<proto::SignInLocallyResponse>, Status> {
        let origin = origin(&self.accounts, &request)?;
        let token = self.accounts.sign_in_locally(&origin).await?;
        Ok(Response::new(proto::SignInLocallyResponse {
            access: Some(encode::access(token)),
        }))
    }

    async fn sign_in_service(
        &self,
        request: Request<proto::SignInServiceRequest>,
    ) -> Result<Response<proto::SignInServiceResponse>, Status> {
        let origin = origin(&self.accounts, &request)?;
        let proto::SignInServiceRequest { service, secret } = request.into_inner();
        let token = self
            .accounts
            .sign_in_service(&service, &secret, &origin)
            .await?;
        Ok(Response::new(proto::SignInServiceResponse {
            access: Some(encode::access(token)),
        }))
    }

    async fn act_for_user(
        &self,
        request: Request<proto::ActForUserRequest>,
    ) -> Result<Response<proto::ActForUserResponse>, Status> {
        let actor = identity::service(request.extensions())?;
        let id = decode::id("user_id", &request.get_ref().user_id)?;
        let token = self.accounts.act_for_user(id, actor).await?;
        Ok(Response::new(proto::ActForUserResponse {
            access: Some(encode::access(token)),
        }))
    }

    async fn list_keys(
        &self,
        _: Request<proto::ListKeysRequest>,
    ) -> Result<Response<proto::ListKeysResponse>, Status> {
        let keys = self.accounts.keys.listed().await?;
        Ok(Response::new(encode::keys(keys)))
    }
}
