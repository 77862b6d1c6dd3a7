//! A running product.

use std::ops::Deref;

use pupila_db::{Database, Dialect, Pools, Statement};
use tempfile::TempDir;
use uuid::Uuid;

use crate::{Api, ModelFolder, Program, Setup, Shape, setup::Backends};

/// A part of the product. In the standalone shape one program is all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The HTTP edge.
    Gateway,
    /// Users and albums.
    Accounts,
    /// Stored images.
    Images,
    /// Models.
    Inference,
    /// Predictions and jobs.
    History,
    /// What works on jobs, by its number from 0.
    Worker(usize),
    /// The second history, where there is one.
    HistoryTwin,
    /// The second gateway, where there is one.
    GatewayTwin,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Gateway,
        Self::Accounts,
        Self::Images,
        Self::Inference,
        Self::History,
        Self::Worker(0),
    ];
}

/// A product that runs. Everything of it goes with the value: processes, files, and the schema.
pub struct Pupila {
    /// Where models of one's own lie.
    pub models: ModelFolder,
    api: Api,
    // In the order in which they may go: nobody misses the databases by then.
    programs: Vec<(Part, Program)>,
    _folder: TempDir,
    backends: Backends,
}

impl Pupila {
    /// By what accounts knows the other services.
    pub const SERVICE_SECRET: &str = "a secret that only the services know";

    /// A product of that shape, still to be set up.
    ///
    /// # Panics
    /// There is no place for its files.
    #[must_use]
    pub fn of(shape: Shape) -> Setup {
        let folder = tempfile::tempdir().expect("a temporary folder");
        Setup::new(shape, folder)
    }

    /// A standalone product, still to be set up, on the folder `data` that is already in `folder`.
    #[must_use]
    pub fn with_data(folder: TempDir) -> Setup {
        Setup::new(Shape::Standalone, folder)
    }

    pub(crate) fn new(
        port: u16,
        programs: Vec<(Part, Program)>,
        models: ModelFolder,
        folder: TempDir,
        backends: Backends,
    ) -> Self {
        Self {
            models,
            api: Api::at(port),
            programs,
            _folder: folder,
            backends,
        }
    }

    /// The program that is `part`, to be killed and started.
    pub fn program(&mut self, part: Part) -> &mut Program {
        let found = self.place(part);
        &mut self.programs[found].1
    }

    /// The API of the second gateway.
    ///
    /// # Panics
    /// There is none.
    #[must_use]
    pub fn twin(&self) -> Api {
        let program = &self.programs[self.place(Part::GatewayTwin)].1;
        let port = program.setting("gateway.port").map(str::parse);
        Api::at(port.and_then(Result::ok).expect("a second gateway"))
    }

    /// The admin port of `part`.
    #[must_use]
    pub fn admin(&self, part: Part) -> Api {
        Api::at(self.programs[self.place(part)].1.admin_port())
    }

    /// The address of a service's gRPC port.
    ///
    /// # Panics
    /// The part has none.
    #[must_use]
    pub fn grpc(&self, part: Part) -> String {
        let listen = self.programs[self.place(part)].1.setting("server.listen");
        format!("http://{}", listen.expect("a service of its own"))
    }

    /// The private key that accounts signs tokens with under that id, as a PKCS#8 document.
    ///
    /// # Panics
    /// There is none.
    pub async fn signing_key(&self, id: &str) -> Vec<u8> {
        let id = id.parse().expect("a UUID");
        let database = Database::connect(&self.backends.accounts).await;
        match database.expect("the database of accounts") {
            Database::MySql(pools) => signing_key(&pools, id).await,
            Database::Sqlite(pools) => signing_key(&pools, id).await,
        }
    }

    /// The one program is all parts.
    fn place(&self, part: Part) -> usize {
        let found = self.programs.iter().position(|(known, _)| *known == part);
        found.unwrap_or_default()
    }
}

async fn signing_key<DB: Dialect>(pools: &Pools<DB>, id: Uuid) -> Vec<u8> {
    let mut reader = pools.reader().await.expect("a connection");
    let select = Statement::<DB>::new("SELECT pkcs8 FROM signing_keys WHERE id = ?");
    let rows = select.bind(id).fetch_all(&mut reader).await;
    let row = rows.expect("the keys").pop().expect("the key");
    row.get("pkcs8").expect("bytes")
}

impl Deref for Pupila {
    type Target = Api;

    fn deref(&self) -> &Api {
        &self.api
    }
}
