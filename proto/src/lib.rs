//! The gRPC contracts between the gateway and the services, generated from `proto/pupila`.
#![allow(
    missing_docs,
    reason = "generated code; the comments are in the proto files"
)]

/// Everything below `pupila.inference.v1`.
pub mod inference {
    #[allow(clippy::all, unreachable_pub, reason = "generated code")]
    pub mod v1 {
        tonic::include_proto!("pupila.inference.v1");
    }
}

/// Everything below `pupila.history.v1`.
pub mod history {
    #[allow(clippy::all, unreachable_pub, reason = "generated code")]
    pub mod v1 {
        tonic::include_proto!("pupila.history.v1");
    }
}

/// The encoded `FileDescriptorSet` of all services, for gRPC reflection.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));
