//! The gRPC contracts between the gateway and the services, generated from `proto/pupila`.
#![allow(
    missing_docs,
    reason = "generated code; the comments are in the proto files"
)]

mod access;

pub use access::{MethodAccess, access_to, every_access};

/// Generates `pub mod <area> { pub mod v1 }` with everything of one package.
macro_rules! area {
    ($area:ident, $package:tt) => {
        #[doc = concat!("Everything of `", $package, "`.")]
        pub mod $area {
            #[allow(clippy::all, unreachable_pub, reason = "generated code")]
            pub mod v1 {
                tonic::include_proto!($package);
            }
        }
    };
}

area!(accounts, "pupila.accounts.v1");
area!(history, "pupila.history.v1");
area!(images, "pupila.images.v1");
area!(inference, "pupila.inference.v1");

/// The encoded `FileDescriptorSet` of all services, for gRPC reflection.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));
