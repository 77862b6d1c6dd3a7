//! Services as in processes of their own: reached over the network, told to stop, and killed.

use std::net::SocketAddr;

use pupila_runtime::{
    grpc::{self, RpcServices},
    identity::Guard,
    readiness::Parts,
    transport::{self, Transport},
};
use tokio::{
    runtime::{Builder, Runtime},
    task::{JoinHandle, spawn_blocking},
};
use tokio_util::sync::CancellationToken;

/// A server that ends at once when its runtime does.
pub(crate) struct Remote {
    /// `None` where it has ended.
    runtime: Option<Runtime>,
    address: SocketAddr,
    stop: CancellationToken,
    serving: JoinHandle<()>,
}

impl Remote {
    pub(crate) async fn start(services: RpcServices, guard: Guard) -> Self {
        Self::start_at(([127, 0, 0, 1], 0).into(), services, guard).await
    }

    async fn start_at(address: SocketAddr, services: RpcServices, guard: Guard) -> Self {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let stop = CancellationToken::new();
        let server = grpc::serve(address, services, guard, Parts::default(), stop.clone());
        let (address, serving) = runtime
            .spawn(server)
            .await
            .expect("no panic")
            .expect("a port");
        let serving = runtime.spawn(async move { serving.await.expect("it served") });
        Self {
            runtime: Some(runtime),
            address,
            stop,
            serving,
        }
    }

    pub(crate) fn transport(&self) -> Transport {
        transport::remote(&format!("http://{}", self.address)).expect("an address")
    }

    /// Gives it no time for anything. Returns when its sockets are closed.
    pub(crate) async fn kill(mut self) -> SocketAddr {
        let runtime = self.runtime.take();
        let killed = spawn_blocking(|| drop(runtime));
        killed.await.expect("no panic");
        self.address
    }

    /// Kills it, and has another one take its place.
    pub(crate) async fn crash(self, services: RpcServices, guard: Guard) -> Self {
        let address = self.kill().await;
        Self::start_at(address, services, guard).await
    }

    /// Tells it to stop.
    pub(crate) fn tell_to_stop(&self) {
        self.stop.cancel();
    }

    /// Waits until it has answered all that it had begun.
    pub(crate) async fn stopped(mut self) {
        (&mut self.serving).await.expect("no panic");
    }
}

impl Drop for Remote {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
