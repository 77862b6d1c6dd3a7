//! What can be asked of Redis.

use redis::{
    Cmd, FromRedisValue, Pipeline, RedisResult, ScriptInvocation, aio::MultiplexedConnection,
};

/// A request that can be sent more than once.
pub(in crate::streams) trait Request: Sync {
    /// Sends it, and waits for the answer.
    fn send<T: FromRedisValue + Send>(
        &self,
        connection: &mut MultiplexedConnection,
    ) -> impl Future<Output = RedisResult<T>> + Send;
}

impl Request for Cmd {
    async fn send<T: FromRedisValue + Send>(
        &self,
        connection: &mut MultiplexedConnection,
    ) -> RedisResult<T> {
        self.query_async(connection).await
    }
}

impl Request for Pipeline {
    async fn send<T: FromRedisValue + Send>(
        &self,
        connection: &mut MultiplexedConnection,
    ) -> RedisResult<T> {
        self.query_async(connection).await
    }
}

/// By the script's digest; a Redis that does not know it is sent the script.
impl Request for ScriptInvocation<'_> {
    async fn send<T: FromRedisValue + Send>(
        &self,
        connection: &mut MultiplexedConnection,
    ) -> RedisResult<T> {
        self.invoke_async(connection).await
    }
}
