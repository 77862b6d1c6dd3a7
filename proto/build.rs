//! Compiles the proto files with protox, a compiler in Rust, so that no `protoc` is needed, and writes down who may
//! call each method.

use std::{env, error::Error, fmt::Write as _, fs, path::PathBuf};

use prost::Message as _;
use prost_reflect::{DescriptorPool, DynamicMessage, MethodDescriptor, Value};

const SERVICES: [&str; 10] = [
    "pupila/accounts/v1/album_service.proto",
    "pupila/accounts/v1/auth_service.proto",
    "pupila/accounts/v1/notification_service.proto",
    "pupila/accounts/v1/user_service.proto",
    "pupila/history/v1/history_service.proto",
    "pupila/history/v1/job_service.proto",
    "pupila/history/v1/task_service.proto",
    "pupila/images/v1/archive_service.proto",
    "pupila/images/v1/image_service.proto",
    "pupila/inference/v1/inference_service.proto",
];

/// The option of a method that says who may call it.
const ACCESS: &str = "pupila.access.v1.access";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=pupila");
    let mut compiler = protox::Compiler::new(["."])?;
    compiler.include_imports(true).open_files(SERVICES)?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(
        out.join("access.rs"),
        access_table(&compiler.descriptor_pool())?,
    )?;
    let descriptors = compiler.file_descriptor_set();
    // Served by gRPC reflection.
    fs::write(out.join("descriptors.bin"), descriptors.encode_to_vec())?;
    tonic_prost_build::configure()
        // Image bytes are handed on without a copy.
        .bytes(".")
        .compile_fds(descriptors)?;
    Ok(())
}

/// Rust source of a slice with every method and its access.
fn access_table(pool: &DescriptorPool) -> Result<String, Box<dyn Error>> {
    let mut table = "&[\n".to_owned();
    for service in pool.services() {
        for method in service.methods() {
            let path = format!("/{}/{}", service.full_name(), method.name());
            let access = access(pool, &method)
                .ok_or_else(|| format!("{path}: no option ({ACCESS}) says who may call"))?;
            writeln!(table, "MethodAccess {{ path: {path:?}, {access} }},")?;
        }
    }
    Ok(table + "]")
}

/// The fields of one method's access; `None` where it names no callers.
fn access(pool: &DescriptorPool, method: &MethodDescriptor) -> Option<String> {
    let option = pool.get_extension_by_name(ACCESS)?;
    let options = method.options();
    let value = options.get_extension(&option);
    let access = value.as_message()?;
    let callers: Vec<_> = list(access, "callers")
        .iter()
        .filter_map(Value::as_enum_number)
        .map(|number| format!("{number}"))
        .collect();
    let services: Vec<_> = list(access, "services")
        .iter()
        .filter_map(|name| name.as_str().map(|name| format!("{name:?}")))
        .collect();
    let scope = access.get_field_by_name("scope")?;
    (!callers.is_empty()).then(|| {
        format!(
            "callers: &[{}], scope: {:?}, services: &[{}]",
            callers.join(", "),
            scope.as_str().unwrap_or_default(),
            services.join(", ")
        )
    })
}

fn list(message: &DynamicMessage, field: &str) -> Vec<Value> {
    let value = message.get_field_by_name(field);
    value
        .and_then(|value| value.as_list().map(<[Value]>::to_vec))
        .unwrap_or_default()
}
