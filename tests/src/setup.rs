//! How a product is put together before it starts.

mod backends;
mod services;

use std::{collections::BTreeMap, fs, path::PathBuf};

use tempfile::TempDir;

pub(crate) use self::backends::Backends;
use self::services::Services;
use crate::{
    ModelFolder, OwnServers, Part, Program, Pupila, Shape, free_port, servers::ServerUrls,
};

/// A product that does not run yet.
#[derive(Debug)]
pub struct Setup {
    shape: Shape,
    folder: TempDir,
    settings: Vec<(String, String)>,
    models: bool,
    workers: usize,
    twins: bool,
    servers: Option<ServerUrls>,
}

impl Setup {
    pub(crate) fn new(shape: Shape, folder: TempDir) -> Self {
        Self {
            shape,
            folder,
            settings: Vec::new(),
            models: false,
            workers: 1,
            twins: false,
            servers: None,
        }
    }

    /// Sets a value of the configuration, such as `gateway.ledger`, in the programs that know it, or a variable of
    /// another name, such as `PORT`, in all.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl ToString) -> Self {
        self.settings.push((key.to_owned(), value.to_string()));
        self
    }

    /// With accounts, which slow nobody down who guesses: in a test all callers have one address.
    #[must_use]
    pub fn with_accounts(self) -> Self {
        self.with_throttled_accounts()
            .with("accounts.throttle.free_attempts", 100)
            .with("accounts.throttle.address_attempts", 1_000_000)
    }

    /// With accounts as they come.
    #[must_use]
    pub fn with_throttled_accounts(self) -> Self {
        self.with("gateway.auth.mode", "accounts")
    }

    /// With so many workers where each is a program of its own.
    #[must_use]
    pub fn with_workers(mut self, workers: usize) -> Self {
        self.workers = workers;
        self
    }

    /// With a second history, and a second gateway that asks it, where each is a program of its own.
    #[must_use]
    pub fn with_twins(mut self) -> Self {
        self.twins = true;
        self
    }

    /// On a MariaDB and a Redis of the test's own.
    #[must_use]
    pub fn with_servers(mut self, servers: &OwnServers) -> Self {
        self.servers = Some(servers.urls());
        self
    }

    /// A repository of models beside the bundled ones.
    #[must_use]
    pub fn with_models(mut self, fill: impl FnOnce(&ModelFolder)) -> Self {
        let models = ModelFolder::at(self.data().join("models"));
        fill(&models);
        self.models = true;
        self
    }

    /// Starts every program, and returns when all are ready.
    ///
    /// # Panics
    /// One does not start.
    pub async fn start(self) -> Pupila {
        fs::create_dir_all(self.data()).expect("the data folder");
        let port = free_port();
        let (backends, mut programs) = match self.shape {
            Shape::Standalone => {
                let backends = Backends::standalone(&self.data());
                (backends, vec![self.standalone(port)])
            }
            Shape::Services => {
                let backends = Backends::services(self.servers.as_ref()).await;
                let programs = Services::new(&self, port).programs(&backends);
                (backends, programs)
            }
        };
        for (_, program) in &mut programs {
            program.start().await;
        }
        let models = ModelFolder::at(self.data().join("models"));
        Pupila::new(port, programs, models, self.folder, backends)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn standalone(&self, port: u16) -> (Part, Program) {
        let data = self.data().display().to_string();
        let arguments = ["serve", "--data", &data, "--port", &port.to_string()].map(str::to_owned);
        let admin = free_port();
        let own = [("gateway.admin_listen", local(admin))];
        let sections = [
            "gateway",
            "accounts",
            "images",
            "inference",
            "history",
            "queue",
            "worker",
            "telemetry",
        ];
        let environment = self.environment(&sections, own);
        let program = Program::new(
            "pupila",
            arguments.into(),
            environment,
            admin,
            self.folder.path(),
        );
        (Part::Gateway, program)
    }

    /// The variables of a program that knows `sections`: its `own` settings, and the chosen ones over them.
    fn environment<'a>(
        &'a self,
        sections: &[&str],
        own: impl IntoIterator<Item = (&'a str, String)>,
    ) -> BTreeMap<String, String> {
        let chosen = self
            .settings
            .iter()
            .map(|(key, value)| (key.as_str(), value.clone()));
        let known = chosen.filter(|(key, _)| match key.split_once('.') {
            Some((section, _)) => sections.contains(&section),
            None => true,
        });
        own.into_iter()
            .chain(known)
            .map(|(key, value)| (variable(key), value))
            .collect()
    }

    /// The value that was chosen for `key`.
    fn chosen(&self, key: &str) -> Option<&str> {
        let mut settings = self.settings.iter().rev();
        settings
            .find(|(known, _)| known == key)
            .map(|(_, value)| value.as_str())
    }
}

/// The variable that sets `key`; a key in capitals is a variable already.
pub(crate) fn variable(key: &str) -> String {
    if key.chars().all(|letter| !letter.is_lowercase()) {
        return key.to_owned();
    }
    format!("PUPILA_{}", key.to_uppercase().replace('.', "__"))
}

fn local(port: u16) -> String {
    format!("127.0.0.1:{port}")
}
