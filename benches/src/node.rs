//! Packages of Node.js, installed below `target/tools`.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Stdio},
};

use crate::Failure;

/// A folder with a script and the packages that it needs, as its `package.json` names them. Installs them, if need be.
///
/// # Errors
/// No npm, or no registry that has them.
pub(crate) fn folder(name: &str, package: &str, script: (&str, &str)) -> Result<PathBuf, Failure> {
    let folder = std::env::current_exe()?
        .with_file_name("../tools")
        .join(name);
    fs::create_dir_all(&folder)?;
    let (script, text) = script;
    fs::write(folder.join(script), text)?;
    let manifest = folder.join("package.json");
    let is_installed = fs::read_to_string(&manifest).is_ok_and(|installed| installed == package);
    if is_installed && folder.join("node_modules").exists() {
        return Ok(folder);
    }
    fs::write(manifest, package)?;
    // No lock file: it would name the registry of whoever wrote it.
    let npm = Command::new("npm")
        .args(["install", "--no-package-lock", "--no-audit", "--no-fund"])
        .current_dir(&folder)
        .stdout(Stdio::null())
        .status()?;
    if !npm.success() {
        return Err(format!("npm cannot install {name}: {npm}").into());
    }
    Ok(folder)
}
