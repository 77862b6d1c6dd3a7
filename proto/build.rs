//! Compiles the proto files with protox, a compiler in Rust, so that no `protoc` is needed.

use std::{env, error::Error, fs, path::PathBuf};

use prost::Message as _;

const SERVICES: [&str; 2] = [
    "pupila/inference/v1/inference_service.proto",
    "pupila/history/v1/history_service.proto",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=pupila");
    let descriptors = protox::compile(SERVICES, ["."])?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    // Served by gRPC reflection.
    fs::write(out.join("descriptors.bin"), descriptors.encode_to_vec())?;
    tonic_prost_build::configure()
        // Image bytes are handed on without a copy.
        .bytes(".")
        .compile_fds(descriptors)?;
    Ok(())
}
