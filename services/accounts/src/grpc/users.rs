//! `pupila.accounts.v1.UserService`.

use std::sync::Arc;

use pupila_core::Revision;
use pupila_db::Dialect;
use pupila_proto::accounts::v1::{self as proto, user_service_server::UserService as UserApi};
use pupila_runtime::identity;
use tonic::{Request, Response, Status};

use super::{decode, encode, origin};
use crate::{accounts::Accounts, profile::ProfileChange, registration::NewAccount};

/// `pupila.accounts.v1.UserService`.
pub(crate) struct UserService<DB: Dialect>(Arc<Accounts<DB>>);

impl<DB: Dialect> UserService<DB> {
    /// The service over `accounts`.
    pub(crate) fn new(accounts: Arc<Accounts<DB>>) -> Self {
        Self(accounts)
    }
}

#[tonic::async_trait]
impl<DB: Dialect> UserApi for UserService<DB> {
    async fn get_me(
        &self,
        request: Request<proto::GetMeRequest>,
    ) -> Result<Response<proto::GetMeResponse>, Status> {
        let caller = identity::user(request.extensions())?.id;
        let user = Some(encode::user(self.0.me(caller).await?));
        Ok(Response::new(proto::GetMeResponse { user }))
    }

    async fn update_me(
        &self,
        request: Request<proto::UpdateMeRequest>,
    ) -> Result<Response<proto::UpdateMeResponse>, Status> {
        let origin = origin(&self.0, &request)?;
        let caller = identity::user(request.extensions())?.id;
        let request = request.into_inner();
        let expected = request.expected_revision.map(Revision::new);
        let change = ProfileChange::new(request.display_name, request.language)?;
        let account = self.0.update_me(caller, change, expected, &origin).await?;
        let user = Some(encode::user(account));
        Ok(Response::new(proto::UpdateMeResponse { user }))
    }

    async fn change_password(
        &self,
        request: Request<proto::ChangePasswordRequest>,
    ) -> Result<Response<proto::ChangePasswordResponse>, Status> {
        let origin = origin(&self.0, &request)?;
        let caller = identity::user(request.extensions())?.clone();
        let proto::ChangePasswordRequest {
            current_password,
            new_password,
        } = request.into_inner();
        decode::known_password("current_password", &current_password)?;
        self.0
            .change_password(&caller, &current_password, &new_password, &origin)
            .await?;
        Ok(Response::new(proto::ChangePasswordResponse {}))
    }

    async fn delete_me(
        &self,
        request: Request<proto::DeleteMeRequest>,
    ) -> Result<Response<proto::DeleteMeResponse>, Status> {
        let origin = origin(&self.0, &request)?;
        let caller = identity::user(request.extensions())?.id;
        let password = request.into_inner().password;
        decode::known_password("password", &password)?;
        self.0.delete_me(caller, &password, &origin).await?;
        Ok(Response::new(proto::DeleteMeResponse {}))
    }

    async fn list_sessions(
        &self,
        request: Request<proto::ListSessionsRequest>,
    ) -> Result<Response<proto::ListSessionsResponse>, Status> {
        let caller = identity::user(request.extensions())?;
        let message = request.get_ref();
        let page = decode::page(message.page_size, &message.page_token)?;
        let listing = self.0.list_sessions(caller.id, page).await?;
        Ok(Response::new(encode::sessions(listing, caller.session)))
    }

    async fn revoke_session(
        &self,
        request: Request<proto::RevokeSessionRequest>,
    ) -> Result<Response<proto::RevokeSessionResponse>, Status> {
        let origin = origin(&self.0, &request)?;
        let caller = identity::user(request.extensions())?;
        let id = decode::id("id", &request.get_ref().id)?;
        self.0.revoke_session(caller, id, &origin).await?;
        Ok(Response::new(proto::RevokeSessionResponse {}))
    }

    async fn create_api_key(
        &self,
        request: Request<proto::CreateApiKeyRequest>,
    ) -> Result<Response<proto::CreateApiKeyResponse>, Status> {
        let origin = origin(&self.0, &request)?;
        let caller = identity::user(request.extensions())?.clone();
        let new = decode::new_api_key(&request.into_inner(), caller.role, origin.time)?;
        let (key, secret) = self.0.create_api_key(&caller, new, &origin).await?;
        Ok(Response::new(proto::CreateApiKeyResponse {
            api_key: Some(encode::api_key(key)),
            secret,
        }))
    }

    async fn list_api_keys(
        &self,
        request: Request<proto::ListApiKeysRequest>,
    ) -> Result<Response<proto::ListApiKeysResponse>, Status> {
        let caller = identity::user(request.extensions())?.id;
        let message = request.get_ref();
        let page = decode::page(message.page_size, &message.page_token)?;
        let listing = self.0.list_api_keys(caller, page).await?;
        Ok(Response::new(encode::api_keys(listing)))
    }

    async fn revoke_api_key(
        &self,
        request: Request<proto::RevokeApiKeyRequest>,
    ) -> Result<Response<proto::RevokeApiKeyResponse>, Status> {
        let origin = origin(&self.0, &request)?;
        let caller = identity::user(request.extensions())?.id;
        let id = decode::id("id", &request.get_ref().id)?;
        self.0.revoke_api_key(caller, id, &origin).await?;
        Ok(Response::new(proto::RevokeApiKeyResponse {}))
    }

    async fn list_users(
        &self,
        request: Request<proto::ListUsersRequest>,
    ) -> Result<Response<proto::ListUsersResponse>, Status> {
        let request = request.into_inner();
        let page = decode::page(request.page_size, &request.page_token)?;
        let listing = self.0.list_accounts(&request.query, page).await?;
        Ok(Response::new(encode::users(listing)))
    }

    async fn get_user(
        &self,
        request: Request<proto::GetUserRequest>,
    ) -> Result<Response<proto::GetUserResponse>, Status> {
        let id = decode::id("id", &request.get_ref().id)?;
        let user = Some(encode::user(self.0.find_account(id).await?));
        Ok(Response::new(proto::GetUserResponse { user }))
    }

    async fn create_user(
        &self,
        request: Request<proto::CreateUserRequest>,
    ) -> Result<Response<proto::CreateUserResponse>, Status> {
        let origin = origin(&self.0, &request)?;
        let request = request.into_inner();
        let role = decode::role_or_user(request.role)?;
        let new = NewAccount::new(
            &request.email,
            request.password,
            &request.display_name,
            &request.language,
        )?;
        let account = self.0.create_account(new, role, &origin).await?;
        let user = Some(encode::user(account));
        Ok(Response::new(proto::CreateUserResponse { user }))
    }

    async fn update_user(
        &self,
        request: Request<proto::UpdateUserRequest>,
    ) -> Result<Response<proto::UpdateUserResponse>, Status> {
        let origin = origin(&self.0, &request)?;
        let request = request.into_inner();
        let id = decode::id("id", &request.id)?;
        let expected = request.expected_revision.map(Revision::new);
        let change = decode::rights(&request)?;
        let account = self.0.update_rights(id, change, expected, &origin).await?;
        let user = Some(encode::user(account));
        Ok(Response::new(proto::UpdateUserResponse { user }))
    }

    async fn delete_user(
        &self,
        request: Request<proto::DeleteUserRequest>,
    ) -> Result<Response<proto::DeleteUserResponse>, Status> {
        let origin = origin(&self.0, &request)?;
        let id = decode::id("id", &request.get_ref().id)?;
        self.0.delete_account(id, &origin).await?;
        Ok(Response::new(proto::DeleteUserResponse {}))
    }

    async fn list_audit(
        &self,
        request: Request<proto::ListAuditRequest>,
    ) -> Result<Response<proto::ListAuditResponse>, Status> {
        let request = request.into_inner();
        let page = decode::page(request.page_size, &request.page_token)?;
        let filter = decode::audit_filter(request)?;
        let listing = self.0.list_audit(&filter, page).await?;
        Ok(Response::new(encode::audit(listing)))
    }
}
