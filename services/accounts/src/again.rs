//! Changes that meet.

/// How often a change is tried before its caller is told to come back.
const ATTEMPTS: usize = 10;

/// Why a change did not come to its end.
pub(crate) trait Setback {
    /// Whether only because another one was made at the same time.
    fn is_passing(&self) -> bool;
}

/// Makes a change, and again where it gave way to another one. InnoDB locks the gaps between rows too, so changes that
/// have nothing to do with each other may stand in each other's way. Of those that do, one always comes through.
pub(crate) async fn again<T, E, F>(change: impl Fn() -> F) -> Result<T, E>
where
    E: Setback,
    F: Future<Output = Result<T, E>>,
{
    for _ in 1..ATTEMPTS {
        match change().await {
            Err(error) if error.is_passing() => {}
            settled => return settled,
        }
    }
    change().await
}
