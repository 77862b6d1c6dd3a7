//! One configuration for everything, with defaults that need nothing but a folder.

use std::{fs::DirBuilder, os::unix::fs::DirBuilderExt as _, path::PathBuf};

use pupila_gateway::GatewayConfig;
use pupila_history::HistoryConfig;
use pupila_inference::InferenceConfig;
use pupila_runtime::{
    config::{self, Aliases, ConfigArgs, ConfigError, Validate},
    telemetry::TelemetryConfig,
};
use serde::Deserialize;

/// The variables of the system that Pupila replaces.
const ALIASES: Aliases = &[
    ("PORT", "gateway.port"),
    ("MODEL_PATH", "inference.models.path"),
];
/// Only the one who started Pupila may look at what people uploaded.
const PRIVATE: u32 = 0o700;

/// The options that every command takes.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct DataArgs {
    /// Folder for the database and for models of your own
    #[arg(
        long,
        value_name = "DIR",
        env = "PUPILA_DATA",
        default_value = "./pupila-data"
    )]
    pub(crate) data: PathBuf,
    #[command(flatten)]
    config: ConfigArgs,
}

impl DataArgs {
    /// Makes the data folder, with the place for models of one's own.
    ///
    /// # Errors
    /// It is not there and cannot be made.
    pub(crate) fn prepare(&self) -> Result<(), ConfigError> {
        DirBuilder::new()
            .recursive(true)
            .mode(PRIVATE)
            .create(self.data.join("models"))
            .map_err(|error| ConfigError::new(format!("--data {}: {error}", self.data.display())))
    }
}

/// The configuration of everything in one process.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Config {
    /// What is logged, and where traces go.
    pub(crate) telemetry: TelemetryConfig,
    /// The HTTP edge.
    pub(crate) gateway: GatewayConfig,
    /// Models.
    pub(crate) inference: InferenceConfig,
    /// Predictions.
    pub(crate) history: HistoryConfig,
}

impl Config {
    /// The configuration: defaults, file, environment, and then what the command line changes. The data folder
    /// stands in where it names no database or no model repository, the latter once it is there.
    ///
    /// # Errors
    /// Whatever is wrong with it.
    pub(crate) fn load(
        args: &DataArgs,
        change: impl FnOnce(&mut Self),
    ) -> Result<Self, ConfigError> {
        let mut config: Self = config::read(args.config.config.as_deref(), ALIASES)?;
        change(&mut config);
        let database = &mut config.history.database;
        if database.url.is_none() && database.url_file.is_none() {
            let file = args.data.join("history.db");
            database.url = Some(format!("sqlite://{}", file.display()).into());
        }
        let models = &mut config.inference.models;
        let ours = args.data.join("models");
        if models.path.is_none() && ours.is_dir() {
            models.path = Some(ours);
        }
        config::validate(config)
    }

    /// The telemetry of a command that answers on the terminal: only what went wrong is logged.
    pub(crate) fn quiet(&self) -> TelemetryConfig {
        TelemetryConfig {
            log_level: "error".to_owned(),
            ..self.telemetry.clone()
        }
    }
}

impl Validate for Config {
    fn faults(&self) -> Vec<String> {
        let accepted = self.gateway.limits.max_file_bytes as u64;
        let decoded = self.inference.limits.max_image_bytes;
        let limits = (accepted > decoded).then(|| {
            format!("gateway.limits.max_file_bytes: {accepted} is over inference.limits.max_image_bytes, {decoded}")
        });
        [
            self.telemetry.faults(),
            self.gateway.faults(),
            self.inference.faults(),
            self.history.faults(),
            limits.into_iter().collect(),
        ]
        .concat()
    }
}
