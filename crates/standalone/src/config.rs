//! One configuration for everything, with defaults that need nothing but a folder.

use std::{fs::DirBuilder, os::unix::fs::DirBuilderExt as _, path::PathBuf};

use pupila_accounts::AccountsConfig;
use pupila_db::DatabaseConfig;
use pupila_gateway::{AuthMode, GatewayConfig};
use pupila_history::HistoryConfig;
use pupila_images::ImagesConfig;
use pupila_inference::InferenceConfig;
use pupila_queue::QueueConfig;
use pupila_runtime::{
    config::{self, Aliases, ConfigArgs, ConfigError, Validate},
    telemetry::TelemetryConfig,
};
use pupila_worker::WorkerConfig;
use secrecy::ExposeSecret as _;
use serde::Deserialize;

use crate::data_lock::{DataLock, DataLockError};

/// The variables of the system that Pupila replaces.
const ALIASES: Aliases = &[
    ("PORT", "gateway.port"),
    ("MODEL_PATH", "inference.models.path"),
];
/// Where predictions and jobs are kept in the data folder.
const HISTORY: &str = "history.db";
/// Only the one who started Pupila may look at what people uploaded.
const PRIVATE: u32 = 0o700;

/// The options that every command takes.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct DataArgs {
    /// Folder for databases, images and models of your own
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

    /// A database in the data folder where none is configured.
    fn place(&self, database: &mut DatabaseConfig, file: &str) {
        if database.url.is_none() && database.url_file.is_none() {
            database.url = Some(self.url(file).into());
        }
    }

    fn url(&self, file: &str) -> String {
        format!("sqlite://{}", self.data.join(file).display())
    }

    /// Keeps other servers with this data folder away from the jobs in it. `None` where jobs are kept elsewhere: there several
    /// servers may work on them.
    ///
    /// # Errors
    /// Another server works there.
    pub(crate) fn lock(&self, config: &Config) -> Result<Option<DataLock>, DataLockError> {
        let database = config.history.database.url.as_ref();
        let ours = database.is_some_and(|url| url.expose_secret() == self.url(HISTORY));
        ours.then(|| DataLock::take(&self.data)).transpose()
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
    /// Users and albums.
    pub(crate) accounts: AccountsConfig,
    /// Stored images.
    pub(crate) images: ImagesConfig,
    /// Models.
    pub(crate) inference: InferenceConfig,
    /// Predictions and jobs.
    pub(crate) history: HistoryConfig,
    /// What wakes the worker.
    pub(crate) queue: QueueConfig,
    /// What works on jobs.
    pub(crate) worker: WorkerConfig,
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
        args.place(&mut config.accounts.database, "accounts.db");
        args.place(&mut config.history.database, HISTORY);
        args.place(&mut config.images.database, "images.db");
        let storage = &mut config.images.storage;
        if storage.path.is_none() && storage.s3.is_none() {
            storage.path = Some(args.data.join("images"));
        }
        // Without accounts every caller is the local user, whom accounts has to know.
        config.accounts.local_user = config.gateway.auth.mode == AuthMode::Off;
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
            self.accounts.faults(),
            self.images.faults(),
            self.inference.faults(),
            self.history.faults(),
            self.queue.faults(),
            self.worker.faults(),
            limits.into_iter().collect(),
        ]
        .concat()
    }
}
