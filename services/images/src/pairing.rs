//! Which object store goes with which database.
//!
//! The sweeper deletes what no row names. With an empty database, which a wrong URL or a lost file is enough for, that
//! would be every image there is. So database and store know each other by a name, and where they do not match the
//! service does not start.

use bytes::Bytes;
use jiff::Timestamp;
use pupila_storage::{Storage, StorageError, StorageKey};

use crate::{OpenError, objects::new_uuid, store::ObjectLedger};

/// The object that says whose the store is.
const NAME: &str = "belongs-to";

/// Makes sure that the two go together. A store that belongs to nobody belongs to the database from now on.
pub(crate) async fn pair(
    ledger: &dyn ObjectLedger,
    storage: &Storage,
    now: Timestamp,
) -> Result<(), OpenError> {
    let ours = ledger.name(new_uuid(now)).await?.to_string();
    let key = StorageKey::new(NAME).map_err(StorageError::from)?;
    let theirs = match storage.get(&key, None).await {
        Ok(object) => object.read().await?,
        Err(StorageError::NotFound(_)) => {
            return Ok(storage.put(&key, Bytes::from(ours)).await?);
        }
        Err(error) => return Err(error.into()),
    };
    match theirs == ours {
        true => Ok(()),
        false => Err(OpenError::Pairing(NAME)),
    }
}
