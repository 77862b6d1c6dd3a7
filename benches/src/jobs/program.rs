//! One of our programs, with its settings in the environment.

use std::{
    fs::File,
    path::Path,
    process::{Child, Command, Stdio},
};

use crate::Failure;

/// A running program. Dropping it kills it.
pub(crate) struct Program(Child);

impl Program {
    /// Starts the program beside this one.
    ///
    /// # Errors
    /// It is not built.
    pub(crate) fn start(
        name: &str,
        folder: &Path,
        settings: &[(&str, String)],
    ) -> Result<Self, Failure> {
        let binary = std::env::current_exe()?.with_file_name(name);
        let log = File::create(folder.join(format!("{name}.log")))?;
        let child = Command::new(&binary)
            .env_clear()
            .env("PUPILA_TELEMETRY__LOG_LEVEL", "warn")
            .envs(settings.iter().map(|(key, value)| {
                let key = key.to_uppercase().replace('.', "__");
                (format!("PUPILA_{key}"), value)
            }))
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .map_err(|error| format!("{}: {error}; build it in release", binary.display()))?;
        Ok(Self(child))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself; there is nothing more to do about it then.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
