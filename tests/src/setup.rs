//! How a product is put together before it starts.

use std::{collections::BTreeMap, fs, path::PathBuf};

use pupila_db::TestDatabase;
use secrecy::ExposeSecret as _;
use tempfile::TempDir;

use crate::{ModelFolder, Part, Program, Pupila, Shape, free_port};

/// A product that does not run yet.
#[derive(Debug)]
pub struct Setup {
    shape: Shape,
    folder: TempDir,
    settings: Vec<(String, String)>,
    models: bool,
}

impl Setup {
    pub(crate) fn new(shape: Shape, folder: TempDir) -> Self {
        Self {
            shape,
            folder,
            settings: Vec::new(),
            models: false,
        }
    }

    /// Sets a value of the configuration, such as `gateway.ledger`, in the programs that know it, or a variable of
    /// another name, such as `PORT`, in all.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl ToString) -> Self {
        self.settings.push((key.to_owned(), value.to_string()));
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
        let (database, mut programs) = match self.shape {
            Shape::Standalone => (None, vec![self.standalone(port)]),
            Shape::Services => {
                let database = TestDatabase::mysql().await;
                let programs = self.services(port, &database);
                (Some(database), programs)
            }
        };
        for (_, program) in &mut programs {
            program.start().await;
        }
        let models = ModelFolder::at(self.data().join("models"));
        Pupila::new(port, programs, models, self.folder, database)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn standalone(&self, port: u16) -> (Part, Program) {
        let data = self.data().display().to_string();
        let arguments = ["serve", "--data", &data, "--port", &port.to_string()].map(str::to_owned);
        let admin = free_port();
        let own = [("gateway.admin_listen", local(admin))];
        let environment = self.environment(&["gateway", "inference", "history", "telemetry"], own);
        let program = Program::new(
            "pupila",
            arguments.into(),
            environment,
            admin,
            self.folder.path(),
        );
        (Part::Gateway, program)
    }

    fn services(&self, port: u16, database: &TestDatabase) -> Vec<(Part, Program)> {
        let (inference, history) = (free_port(), free_port());
        let admins = [free_port(), free_port(), free_port()];
        let url = database.config.url.as_ref().expect("a URL").expose_secret();
        let models = self.data().join("models");
        let mut inference_settings = vec![
            ("server.listen", local(inference)),
            ("server.admin_listen", local(admins[1])),
        ];
        if self.models {
            inference_settings.push(("inference.models.path", models.display().to_string()));
        }
        let program = |name, sections: &[&str], admin, own: Vec<(&str, String)>| {
            let environment = self.environment(sections, own);
            Program::new(name, Vec::new(), environment, admin, self.folder.path())
        };
        vec![
            (
                Part::History,
                program(
                    "pupila-history",
                    &["history", "telemetry"],
                    admins[2],
                    vec![
                        ("server.listen", local(history)),
                        ("server.admin_listen", local(admins[2])),
                        ("history.database.url", url.to_owned()),
                    ],
                ),
            ),
            (
                Part::Inference,
                program(
                    "pupila-inference",
                    &["inference", "telemetry"],
                    admins[1],
                    inference_settings,
                ),
            ),
            (
                Part::Gateway,
                program(
                    "pupila-gateway",
                    &["gateway", "telemetry"],
                    admins[0],
                    vec![
                        ("gateway.port", port.to_string()),
                        ("gateway.admin_listen", local(admins[0])),
                        ("upstream.inference", format!("http://{}", local(inference))),
                        ("upstream.history", format!("http://{}", local(history))),
                    ],
                ),
            ),
        ]
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
