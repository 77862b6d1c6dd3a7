//! Changes that meet.

use super::AlbumError;

/// How often a change is tried before its caller is told to come back.
const ATTEMPTS: usize = 10;

/// Makes a change, and again where the engine undid it to let another one pass. InnoDB locks the gaps between rows too,
/// so changes of different albums may stand in each other's way. Of those that do, one always comes through.
pub(super) async fn again<T, F>(change: impl Fn() -> F) -> Result<T, AlbumError>
where
    F: Future<Output = Result<T, AlbumError>>,
{
    for _ in 1..ATTEMPTS {
        match change().await {
            Err(error) if error.is_deadlock() => {}
            settled => return settled,
        }
    }
    change().await
}
