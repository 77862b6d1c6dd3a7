//! What every process of Pupila needs to run: configuration, telemetry, gRPC, bounded CPU work,
//! health and a graceful stop.

pub mod admin;
pub mod config;
pub mod context;
pub mod cpu_pool;
mod flow;
pub mod grpc;
pub mod identity;
pub mod process;
pub mod readiness;
pub mod rpc;
pub mod telemetry;
pub mod transport;
