//! A running product.

use std::ops::Deref;

use pupila_db::TestDatabase;
use tempfile::TempDir;

use crate::{Api, ModelFolder, Program, Setup, Shape};

/// A part of the product. In the standalone shape one program is all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The HTTP edge.
    Gateway,
    /// Models.
    Inference,
    /// Predictions.
    History,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Gateway, Self::Inference, Self::History];
}

/// A product that runs. Everything of it goes with the value: processes, files, and the schema.
pub struct Pupila {
    /// Where models of one's own lie.
    pub models: ModelFolder,
    api: Api,
    // In the order in which they may go: nobody misses the database by then.
    programs: Vec<(Part, Program)>,
    _folder: TempDir,
    _database: Option<TestDatabase>,
}

impl Pupila {
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
        database: Option<TestDatabase>,
    ) -> Self {
        Self {
            models,
            api: Api::at(port),
            programs,
            _folder: folder,
            _database: database,
        }
    }

    /// The program that is `part`, to be killed and started.
    pub fn program(&mut self, part: Part) -> &mut Program {
        let found = self.place(part);
        &mut self.programs[found].1
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

    /// The one program is all parts.
    fn place(&self, part: Part) -> usize {
        let found = self.programs.iter().position(|(known, _)| *known == part);
        found.unwrap_or_default()
    }
}

impl Deref for Pupila {
    type Target = Api;

    fn deref(&self) -> &Api {
        &self.api
    }
}
