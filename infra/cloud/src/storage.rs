//! Where the local cloud keeps its state.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

/// The tables' file in a data directory.
pub(crate) const TABLES: &str = "tables.sqlite";

/// How long to wait for a directory in use: a cloud that stops holds it until its last connection is closed.
const PATIENCE: Duration = Duration::from_secs(1);
const RETRY: Duration = Duration::from_millis(20);

#[derive(Debug, Clone)]
pub enum Storage {
    /// The data is lost when the cloud stops.
    Memory,
    /// Files that only their owner can read. Only one cloud at a time can use a directory.
    Directory(PathBuf),
}

#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    #[error("the data directory {path} cannot be used: {source}")]
    Unusable { path: PathBuf, source: io::Error },
    #[error("the data directory {0} is in use by another cloud; stop that one, or choose another directory")]
    InUse(PathBuf),
    #[error(
        "the data directory {path} holds data of version {found}, and the template reads version {wanted} \
         (Metadata, LocalData); move the directory away or delete it, and the next start begins anew"
    )]
    OtherVersion { path: PathBuf, found: String, wanted: u32 },
}

/// A file lock on the directory, held until it is dropped. The kernel releases it when the process dies.
#[derive(Debug)]
pub(crate) struct DirectoryLock {
    _file: File,
}

/// Blocks for up to `PATIENCE` while the directory is in use.
pub(crate) fn lock(directory: &Path) -> Result<DirectoryLock, StorageError> {
    let unusable = |source| StorageError::Unusable { path: directory.to_owned(), source };
    private_directory(directory).map_err(unusable)?;
    let file = private_file(&directory.join("lock")).map_err(unusable)?;
    let deadline = Instant::now() + PATIENCE;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(DirectoryLock { _file: file }),
            Err(fs::TryLockError::WouldBlock) if Instant::now() < deadline => thread::sleep(RETRY),
            Err(fs::TryLockError::WouldBlock) => {
                return Err(StorageError::InUse(directory.to_owned()));
            }
            Err(fs::TryLockError::Error(source)) => return Err(unusable(source)),
        }
    }
}

/// Refuses data that another version of the functions has written, and marks a new directory with this version.
pub(crate) fn check_version(directory: &Path, wanted: u32) -> Result<(), StorageError> {
    let unusable = |source| StorageError::Unusable { path: directory.to_owned(), source };
    let mark = directory.join("data-version");
    let found = match fs::read_to_string(&mark) {
        Ok(found) => found,
        // Before there were marks, there was the first version.
        Err(error) if error.kind() == io::ErrorKind::NotFound && directory.join(TABLES).exists() => {
            "1".to_owned()
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return write_private(&mark, wanted.to_string().as_bytes()).map_err(unusable);
        }
        Err(error) => return Err(unusable(error)),
    };
    match found.trim().parse() == Ok(wanted) {
        true => Ok(()),
        false => Err(StorageError::OtherVersion { path: directory.to_owned(), found, wanted }),
    }
}

/// Replaces the file by one that only its owner can read, and makes its directory. A kill leaves the old one or the
/// whole new one.
pub(crate) fn write_private(path: &Path, contents: &[u8]) -> io::Result<()> {
    if let Some(directory) = path.parent().filter(|directory| !directory.as_os_str().is_empty()) {
        private_directory(directory)?;
    }
    let mut aside = path.as_os_str().to_owned();
    aside.push(".new");
    // One that is left from a kill could have another mode, or be a link.
    match fs::remove_file(&aside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&aside)?;
    file.write_all(contents)?;
    file.sync_all()?;
    fs::rename(&aside, path)
}

fn private_directory(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Opens or creates a file that only its owner can read. SQLite gives its WAL files the same mode.
pub(crate) fn private_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path)
}
