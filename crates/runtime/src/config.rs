//! Configuration: typed structs with defaults, then one TOML file, then the environment.
//! The only place that reads the environment.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use figment::{
    Figment,
    providers::{Env, Format as _, Toml},
};
use serde::de::DeserializeOwned;

/// The prefix of the environment's variables: `PUPILA_GATEWAY__PORT` is `gateway.port`.
const PREFIX: &str = "PUPILA_";

/// Variables of another name that set a value of ours, such as `("PORT", "gateway.port")`.
/// The prefixed name wins over them.
pub type Aliases = &'static [(&'static str, &'static str)];

/// The alias that every process has: OpenTelemetry's own variable.
const TELEMETRY: (&str, &str) = ("OTEL_EXPORTER_OTLP_ENDPOINT", "telemetry.otlp_endpoint");

/// A configuration that can tell what is wrong with it.
pub trait Validate {
    /// Every fault at once, each as `section.field: what is wrong`; none when it can be used.
    fn faults(&self) -> Vec<String>;
}

/// The configuration cannot be used. Its text has a line per fault, meant for a person.
#[derive(Debug)]
pub struct ConfigError(Vec<String>);

impl ConfigError {
    /// One fault.
    #[must_use]
    pub fn new(fault: String) -> Self {
        Self(vec![fault])
    }
}

impl std::error::Error for ConfigError {}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the configuration cannot be used:")?;
        self.0.iter().try_for_each(|fault| write!(f, "\n  {fault}"))
    }
}

/// Reads and validates a configuration.
///
/// # Errors
/// Those of [`read`] and [`validate`].
pub fn load<C>(file: Option<&Path>, aliases: Aliases) -> Result<C, ConfigError>
where
    C: DeserializeOwned + Validate,
{
    read(file, aliases).and_then(validate)
}

/// Reads a configuration from `file` and the environment.
///
/// # Errors
/// A file that does not exist or is not TOML, an unknown field, or a value of the wrong type.
pub fn read<C: DeserializeOwned>(file: Option<&Path>, aliases: Aliases) -> Result<C, ConfigError> {
    figment(file, aliases)?
        .extract()
        .map_err(|error| ConfigError(error.into_iter().map(|fault| fault.to_string()).collect()))
}

/// Hands the configuration back where nothing is wrong with it.
///
/// # Errors
/// Whatever [`Validate`] finds.
pub fn validate<C: Validate>(config: C) -> Result<C, ConfigError> {
    match config.faults() {
        faults if faults.is_empty() => Ok(config),
        faults => Err(ConfigError(faults)),
    }
}

fn figment(file: Option<&Path>, aliases: Aliases) -> Result<Figment, ConfigError> {
    let mut figment = Figment::new();
    if let Some(file) = file {
        if !file.is_file() {
            let fault = format!("{}: there is no such file", file.display());
            return Err(ConfigError::new(fault));
        }
        figment = figment.merge(Toml::file_exact(file));
    }
    for &(variable, key) in aliases.iter().chain([&TELEMETRY]) {
        let renamed = Env::raw()
            .only(&[variable])
            .map(move |_| key.into())
            .split(".");
        figment = figment.merge(renamed);
    }
    // A value of ours lies in a section; `PUPILA_DATA` and the like are options of the command line.
    let ours = Env::prefixed(PREFIX).filter(|key| key.as_str().contains("__"));
    Ok(figment.merge(ours.split("__")))
}

/// The options that every server takes on its command line.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct ConfigArgs {
    /// TOML file with the configuration; the environment (`PUPILA_SECTION__FIELD`) overrides it
    #[arg(long, value_name = "FILE", env = "PUPILA_CONFIG_FILE")]
    pub config: Option<PathBuf>,
}

#[cfg(test)]
#[expect(clippy::result_large_err, reason = "the signature of figment's Jail")]
mod tests {
    use figment::Jail;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Default, Deserialize)]
    #[serde(deny_unknown_fields, default)]
    struct Sample {
        gateway: Section,
    }

    #[derive(Debug, Default, Deserialize)]
    #[serde(deny_unknown_fields, default)]
    struct Section {
        port: u16,
        name: String,
    }

    impl Validate for Sample {
        fn faults(&self) -> Vec<String> {
            let mut faults = Vec::new();
            if self.gateway.port == 1 {
                faults.push("gateway.port: 1 is taken".to_owned());
            }
            if self.gateway.name == "bad" {
                faults.push("gateway.name: is bad".to_owned());
            }
            faults
        }
    }

    fn sample(file: Option<&str>) -> Result<Sample, ConfigError> {
        load(file.map(Path::new), &[("PORT", "gateway.port")])
    }

    #[test]
    fn the_environment_wins_over_the_file_and_the_old_names_over_the_defaults() {
        Jail::expect_with(|jail| {
            jail.create_file("pupila.toml", "[gateway]\nport = 2\nname = 'file'\n")?;
            jail.set_env("PORT", "3");
            let config = sample(Some("pupila.toml")).expect("valid");
            assert_eq!((config.gateway.port, &*config.gateway.name), (3, "file"));
            jail.set_env("PUPILA_DATA", "somewhere");
            jail.set_env("PUPILA_GATEWAY__PORT", "4");
            assert_eq!(sample(None).expect("valid").gateway.port, 4);
            Ok(())
        });
    }

    #[test]
    fn every_fault_is_told_at_once() {
        Jail::expect_with(|jail| {
            jail.create_file("pupila.toml", "[gateway]\nport = 1\nname = 'bad'\n")?;
            let error = sample(Some("pupila.toml")).expect_err("two faults");
            let text = error.to_string();
            assert!(text.contains("gateway.port: ") && text.contains("gateway.name: "));
            Ok(())
        });
    }

    #[test]
    fn unknown_fields_and_missing_files_are_refused() {
        Jail::expect_with(|jail| {
            jail.create_file("pupila.toml", "[gateway]\nprot = 1\n")?;
            let error = sample(Some("pupila.toml")).expect_err("unknown field");
            assert!(error.to_string().contains("prot"), "{error}");
            let error = sample(Some("absent.toml")).expect_err("no file");
            assert!(error.to_string().contains("absent.toml"), "{error}");
            Ok(())
        });
    }
}
