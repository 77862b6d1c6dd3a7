//! A ZIP file that is never there as a whole.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex, PoisonError},
};

use bytes::{Bytes, BytesMut};
use jiff::civil::DateTime;
use zip::{
    CompressionMethod, ZipWriter,
    result::ZipResult,
    write::{SimpleFileOptions, StreamWriter},
};

/// Deflate's level for what is compressed already: it looks as little as it may.
const QUICKEST: i64 = 1;

/// Writes a ZIP file from its beginning to its end. What is written is to be taken away each time.
///
/// How long a file is stands after it, because only then it is known, with its checksum. Readers that read from the
/// beginning (`java.util.zip`) take that of deflated files only: so all are, images too, which do not become smaller.
/// Of each only its entry in the directory is kept.
pub(super) struct ZipFile {
    zip: ZipWriter<StreamWriter<Tray>>,
    tray: Tray,
}

/// What was written and not taken away yet.
#[derive(Debug, Clone, Default)]
struct Tray(Arc<Mutex<BytesMut>>);

impl ZipFile {
    pub(super) fn new() -> Self {
        let tray = Tray::default();
        Self {
            zip: ZipWriter::new_stream(tray.clone()),
            tray,
        }
    }

    /// Begins a file.
    pub(super) fn begin(
        &mut self,
        name: &str,
        time: Option<DateTime>,
        compress: bool,
    ) -> ZipResult<()> {
        let time = time.and_then(|time| zip::DateTime::try_from(time).ok());
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level((!compress).then_some(QUICKEST))
            .last_modified_time(time.unwrap_or_default());
        self.zip.start_file(name, options)
    }

    /// Goes on with the file.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.zip.write_all(bytes)
    }

    /// What was written since the last time.
    pub(super) fn take(&self) -> Bytes {
        self.tray.take()
    }

    /// Ends it: the last that is to be taken.
    pub(super) fn finish(self) -> ZipResult<Bytes> {
        self.zip.finish()?;
        Ok(self.tray.take())
    }
}

impl Tray {
    fn take(&self) -> Bytes {
        self.bytes().split().freeze()
    }

    fn bytes(&self) -> std::sync::MutexGuard<'_, BytesMut> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for Tray {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
