//! A repository of models, filled with copies of the bundled one.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::file::repository;

const NAME: &str = "pneumonia";

/// A folder of models.
#[derive(Debug)]
pub struct ModelFolder {
    path: PathBuf,
}

impl ModelFolder {
    /// The folder at `path`, which comes with its first model.
    #[must_use]
    pub fn at(path: PathBuf) -> Self {
        Self { path }
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder of the bundled model.
    #[must_use]
    pub fn bundled() -> PathBuf {
        repository().join("models").join(NAME)
    }

    /// Adds the bundled model under another name, with these versions.
    ///
    /// # Panics
    /// It cannot be written.
    pub fn add(&self, name: &str, versions: &[u32]) {
        let card = fs::read_to_string(Self::bundled().join("model.toml")).expect("the card");
        let start = card.find("[versions.1]").expect("a version");
        let (head, version) = card.split_at(start);
        let mut card = head.replacen(NAME, name, 1);
        for number in versions {
            card += &version.replace("versions.1", &format!("versions.{number}"));
            card.push('\n');
            let folder = self.path.join(name).join(number.to_string());
            fs::create_dir_all(&folder).expect("a folder");
            fs::copy(
                Self::bundled().join("1/model.onnx"),
                folder.join("model.onnx"),
            )
            .expect("a copy");
        }
        fs::write(self.card(name), card).expect("the card");
    }

    /// Damages one version's file, so that it no longer has the digest of its card.
    ///
    /// # Panics
    /// It cannot be written.
    pub fn damage(&self, name: &str, version: u32) {
        let file = self
            .path
            .join(name)
            .join(version.to_string())
            .join("model.onnx");
        let mut bytes = fs::read(&file).expect("the model");
        bytes.push(0);
        fs::write(file, bytes).expect("written");
    }

    /// The card of a model.
    #[must_use]
    pub fn card(&self, name: &str) -> PathBuf {
        self.path.join(name).join("model.toml")
    }
}
