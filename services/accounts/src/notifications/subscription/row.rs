//! The table `push_subscriptions`.

use pupila_core::{PushSubscriptionId, SessionId, User, UserId};
use pupila_db::{DatabaseError, Dialect, Row, Statement};

use super::{Subscription, digest};
use crate::sql::time;

const COLUMNS: &str = "SELECT id, endpoint, p256dh, auth, user_agent, create_time \
     FROM push_subscriptions";

const INSERT: &str = "INSERT INTO push_subscriptions \
     (id, user_id, session_id, endpoint, endpoint_sha256, p256dh, auth, user_agent, create_time) \
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";

/// Stores a subscription of a user who is held; a clash where there is one with that endpoint.
pub(super) async fn insert<DB: Dialect>(
    transaction: &mut DB::Connection,
    user: &User,
    subscription: &Subscription,
) -> Result<(), DatabaseError> {
    let Subscription { id, endpoint, .. } = subscription;
    Statement::<DB>::new(INSERT)
        .bind(id.as_uuid())
        .bind(user.id.as_uuid())
        .bind(user.session.map(|session| session.as_uuid()))
        .bind(endpoint.clone())
        .bind(digest(endpoint).as_bytes().to_vec())
        .bind(subscription.p256dh.clone())
        .bind(subscription.auth.clone())
        .bind(subscription.user_agent.clone())
        .bind(subscription.create_time.as_microsecond())
        .execute(transaction)
        .await
}

/// Writes the newest keys and the session of the user's subscription with that endpoint; `None` where they have none.
pub(super) async fn renew<DB: Dialect>(
    transaction: &mut DB::Connection,
    user: &User,
    newest: &Subscription,
) -> Result<Option<Subscription>, DatabaseError> {
    let endpoint = digest(&newest.endpoint).as_bytes().to_vec();
    let renew =
        "UPDATE push_subscriptions SET session_id = ?, p256dh = ?, auth = ?, user_agent = ?";
    let renewed = Statement::<DB>::new(renew)
        .bind(user.session.map(|session| session.as_uuid()))
        .bind(newest.p256dh.clone())
        .bind(newest.auth.clone())
        .bind(newest.user_agent.clone())
        .push(" WHERE endpoint_sha256 = ? AND user_id = ?")
        .bind(endpoint.clone())
        .bind(user.id.as_uuid())
        .rows_affected(transaction)
        .await?;
    // Somebody else may have taken it over since the transaction began to read.
    if renewed == 0 {
        return Ok(None);
    }
    let row = Statement::<DB>::new(COLUMNS)
        .push(" WHERE endpoint_sha256 = ? AND user_id = ?")
        .bind(endpoint)
        .bind(user.id.as_uuid())
        .fetch_optional(transaction)
        .await?;
    row.map(|row| read(&row)).transpose()
}

/// The subscription of a user with that id.
pub(crate) async fn find<DB: Dialect>(
    connection: &mut DB::Connection,
    user: UserId,
    id: PushSubscriptionId,
) -> Result<Option<Subscription>, DatabaseError> {
    let row = Statement::<DB>::new(COLUMNS)
        .push(" WHERE id = ? AND user_id = ?")
        .bind(id.as_uuid())
        .bind(user.as_uuid())
        .fetch_optional(connection)
        .await?;
    row.map(|row| read(&row)).transpose()
}

/// A user's subscriptions, the newest first.
pub(crate) async fn list<DB: Dialect>(
    connection: &mut DB::Connection,
    user: UserId,
) -> Result<Vec<Subscription>, DatabaseError> {
    let rows = of_user::<DB>(user).fetch_all(connection).await?;
    rows.iter().map(read).collect()
}

/// The statement that reads a user's subscriptions.
pub(crate) fn of_user<DB: Dialect>(user: UserId) -> Statement<DB> {
    Statement::new(COLUMNS)
        .through_index("push_subscriptions_by_user")
        .push(" WHERE user_id = ? ORDER BY create_time DESC, id DESC")
        .bind(user.as_uuid())
}

/// Ends the subscription with that endpoint, whosever it is or that of one user.
pub(super) async fn end<DB: Dialect>(
    connection: &mut DB::Connection,
    endpoint: &str,
    user: Option<UserId>,
) -> Result<(), DatabaseError> {
    Statement::<DB>::new("DELETE FROM push_subscriptions WHERE endpoint_sha256 = ?")
        .bind(digest(endpoint).as_bytes().to_vec())
        .push_some(" AND user_id = ?", user.map(|user| user.as_uuid()))
        .execute(connection)
        .await
}

/// Ends one subscription of a user; false where there is none.
pub(crate) async fn delete<DB: Dialect>(
    connection: &mut DB::Connection,
    user: UserId,
    id: PushSubscriptionId,
) -> Result<bool, DatabaseError> {
    let deleted =
        Statement::<DB>::new("DELETE FROM push_subscriptions WHERE id = ? AND user_id = ?")
            .bind(id.as_uuid())
            .bind(user.as_uuid())
            .rows_affected(connection)
            .await?;
    Ok(deleted == 1)
}

/// Ends the oldest subscriptions of a user who is held, and has more than `most`.
pub(super) async fn delete_beyond<DB: Dialect>(
    transaction: &mut DB::Connection,
    user: UserId,
    most: usize,
) -> Result<(), DatabaseError> {
    let all = list::<DB>(transaction, user).await?;
    for oldest in all.iter().skip(most) {
        delete::<DB>(transaction, user, oldest.id).await?;
    }
    Ok(())
}

/// Ends the subscriptions of a session of a user.
pub(crate) async fn forget_session<DB: Dialect>(
    transaction: &mut DB::Connection,
    user: UserId,
    session: SessionId,
) -> Result<(), DatabaseError> {
    Statement::<DB>::new("DELETE FROM push_subscriptions WHERE user_id = ? AND session_id = ?")
        .bind(user.as_uuid())
        .bind(session.as_uuid())
        .execute(transaction)
        .await
}

/// Ends the subscriptions of all sessions of a user but one.
pub(crate) async fn forget_other_sessions<DB: Dialect>(
    transaction: &mut DB::Connection,
    user: UserId,
    kept: Option<SessionId>,
) -> Result<(), DatabaseError> {
    Statement::<DB>::new("DELETE FROM push_subscriptions WHERE user_id = ?")
        .bind(user.as_uuid())
        .push_some(" AND session_id <> ?", kept.map(|kept| kept.as_uuid()))
        .execute(transaction)
        .await
}

/// Ends all subscriptions of a user.
pub(crate) async fn delete_all<DB: Dialect>(
    transaction: &mut DB::Connection,
    user: UserId,
) -> Result<(), DatabaseError> {
    Statement::<DB>::new("DELETE FROM push_subscriptions WHERE user_id = ?")
        .bind(user.as_uuid())
        .execute(transaction)
        .await
}

fn read<DB: Dialect>(row: &Row<DB>) -> Result<Subscription, DatabaseError> {
    Ok(Subscription {
        id: PushSubscriptionId::from_uuid(row.get("id")?),
        endpoint: row.get("endpoint")?,
        p256dh: row.get("p256dh")?,
        auth: row.get("auth")?,
        user_agent: row.get("user_agent")?,
        create_time: time(row, "create_time")?,
    })
}
