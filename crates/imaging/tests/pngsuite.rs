//! PngSuite: every kind of PNG there is, and the broken ones that must be refused.

use std::{fs, path::PathBuf};

use pupila_imaging::{Limits, decode};

#[test]
fn sound_files_are_read_and_broken_ones_refused() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/pngsuite/png");
    let mut seen = 0;
    for entry in fs::read_dir(folder).expect("the suite") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let bytes = fs::read(&path).expect("a file");
        let broken = name.starts_with('x');
        match decode(&bytes, &Limits::default()) {
            Ok(decoded) => assert!(!broken, "{name} was read as {decoded:?}"),
            Err(error) => assert!(broken, "{name}: {error}"),
        }
        seen += 1;
    }
    assert!(seen > 170, "only {seen} files");
}
