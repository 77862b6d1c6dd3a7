//! What accounts knows of who wants to be told where.

use std::time::Duration;

use pupila_proto::{
    accounts::v1::{
        DropRouteRequest, NotifyRequest, ResolveRouteRequest, ResolveRouteResponse,
        notification_service_client::NotificationServiceClient,
    },
    history::v1::Task,
};
use pupila_runtime::{identity::ServiceIdentity, rpc::RpcError, transport::Transport};

use super::notice::Notice;

/// How long accounts may take.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Asks accounts, as the worker itself.
#[derive(Clone)]
pub(crate) struct Routes {
    accounts: NotificationServiceClient<Transport>,
    identity: ServiceIdentity,
}

impl Routes {
    /// Those that `accounts` knows.
    pub(crate) fn new(accounts: Transport, identity: ServiceIdentity) -> Self {
        Self {
            accounts: NotificationServiceClient::new(accounts),
            identity,
        }
    }

    /// Tells accounts that a job of the task's owner ended; once per end, however often it is told. Answers where else to
    /// deliver it.
    ///
    /// # Errors
    /// What accounts answers; `NotFound` where there is nobody to tell.
    pub(crate) async fn tell(&self, task: &Task, notice: &Notice) -> Result<Vec<String>, RpcError> {
        let request = NotifyRequest {
            user_id: task.owner.clone(),
            key: notice.key(),
            job_ended: Some(notice.event()),
        };
        let call = self.identity.request().await?.call(request, TIMEOUT);
        let answer = self.accounts.clone().notify(call).await?;
        Ok(answer.into_inner().routes)
    }

    /// Where a route leads now.
    ///
    /// # Errors
    /// What accounts answers; `NotFound` where it leads nowhere any more.
    pub(crate) async fn resolve(
        &self,
        task: &Task,
        route: &str,
    ) -> Result<ResolveRouteResponse, RpcError> {
        let request = ResolveRouteRequest {
            user_id: task.owner.clone(),
            route: route.to_owned(),
        };
        let call = self.identity.request().await?.call(request, TIMEOUT);
        let answer = self.accounts.clone().resolve_route(call).await?;
        Ok(answer.into_inner())
    }

    /// Forgets a route, because the other side says that it leads nowhere.
    ///
    /// # Errors
    /// What accounts answers.
    pub(crate) async fn drop(&self, task: &Task, route: &str) -> Result<(), RpcError> {
        let request = DropRouteRequest {
            user_id: task.owner.clone(),
            route: route.to_owned(),
        };
        let call = self.identity.request().await?.call(request, TIMEOUT);
        self.accounts.clone().drop_route(call).await?;
        Ok(())
    }
}
