//! A process for each service.

use super::{Backends, Setup, local};
use crate::{Part, Program, Pupila, free_port};

/// The programs of a product in services, and where each listens.
pub(super) struct Services<'a> {
    setup: &'a Setup,
    port: u16,
    accounts: u16,
    history: u16,
    images: u16,
    inference: u16,
}

impl<'a> Services<'a> {
    /// Programs whose API is on `port`.
    pub(super) fn new(setup: &'a Setup, port: u16) -> Self {
        Self {
            setup,
            port,
            accounts: free_port(),
            history: free_port(),
            images: free_port(),
            inference: free_port(),
        }
    }

    /// All of them, in the order in which they are started.
    pub(super) fn programs(&self, backends: &Backends) -> Vec<(Part, Program)> {
        let mut accounts = backends.database("accounts");
        accounts.extend([
            (
                "accounts.services.images.value",
                Pupila::SERVICE_SECRET.to_owned(),
            ),
            (
                "accounts.services.worker.value",
                Pupila::SERVICE_SECRET.to_owned(),
            ),
            ("upstream.images", address(self.images)),
            ("upstream.history", address(self.history)),
        ]);
        if self.setup.chosen("gateway.auth.mode") != Some("accounts") {
            accounts.push(("accounts.local_user", "true".to_owned()));
        }
        let mut images = [backends.database("images"), backends.bucket()].concat();
        images.push(("identity.secret.value", Pupila::SERVICE_SECRET.to_owned()));
        let mut inference = Vec::new();
        if self.setup.models {
            let models = self.setup.data().join("models");
            inference.push(("inference.models.path", models.display().to_string()));
        }
        let history = [backends.database("history"), backends.queue()].concat();
        let mut programs = vec![
            (
                Part::Accounts,
                self.service("accounts", self.accounts, accounts),
            ),
            (
                Part::History,
                self.service("history", self.history, history),
            ),
            (Part::Images, self.service("images", self.images, images)),
            (
                Part::Inference,
                self.service("inference", self.inference, inference),
            ),
        ];
        programs.extend(
            (0..self.setup.workers).map(|number| (Part::Worker(number), self.worker(backends))),
        );
        programs.push((Part::Gateway, self.gateway(self.port, self.history)));
        if self.setup.twins {
            let (port, twin) = (free_port(), free_port());
            let history = [backends.database("history"), backends.queue()].concat();
            programs.extend([
                (Part::HistoryTwin, self.service("history", twin, history)),
                (Part::GatewayTwin, self.gateway(port, twin)),
            ]);
        }
        programs
    }

    fn worker(&self, backends: &Backends) -> Program {
        let mut settings = backends.queue();
        settings.push(("identity.secret.value", Pupila::SERVICE_SECRET.to_owned()));
        settings.extend(self.upstreams(self.history));
        self.service("worker", free_port(), settings)
    }

    /// Where every service is but accounts, which some know by another name.
    fn upstreams(&self, history: u16) -> [(&'static str, String); 3] {
        [
            ("upstream.history", address(history)),
            ("upstream.images", address(self.images)),
            ("upstream.inference", address(self.inference)),
        ]
    }

    fn service(&self, name: &str, port: u16, own: Vec<(&'static str, String)>) -> Program {
        let admin = free_port();
        let mut settings = vec![
            ("server.listen", local(port)),
            ("server.admin_listen", local(admin)),
        ];
        if name != "accounts" {
            settings.push(("identity.accounts", address(self.accounts)));
        }
        settings.extend(own);
        self.program(name, admin, settings)
    }

    /// A gateway on `port` that asks the history on another.
    fn gateway(&self, port: u16, history: u16) -> Program {
        let admin = free_port();
        let mut settings = vec![
            ("gateway.port", port.to_string()),
            ("gateway.admin_listen", local(admin)),
            ("upstream.accounts", address(self.accounts)),
        ];
        settings.extend(self.upstreams(history));
        self.program("gateway", admin, settings)
    }

    fn program(&self, name: &str, admin: u16, settings: Vec<(&str, String)>) -> Program {
        let environment = self.setup.environment(sections(name), settings);
        let folder = self.setup.folder.path();
        Program::new(
            &format!("pupila-{name}"),
            Vec::new(),
            environment,
            admin,
            folder,
        )
    }
}

/// The sections of the configuration that a program knows.
fn sections(name: &str) -> &'static [&'static str] {
    match name {
        "accounts" => &["accounts", "telemetry"],
        "gateway" => &["gateway", "telemetry"],
        "history" => &["history", "queue", "telemetry"],
        "images" => &["images", "telemetry"],
        "inference" => &["inference", "telemetry"],
        _ => &["worker", "queue", "telemetry"],
    }
}

fn address(port: u16) -> String {
    format!("http://{}", local(port))
}
