//! The transactions of mail that is to be sent.

use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, Sqlite, Transaction};

use super::rows::{millis, read};
use super::work::log;
use crate::store::{MailClaim, StoreError};
use crate::vocab::DocumentRef;

type Tx<'a> = Transaction<'a, Sqlite>;

pub(super) async fn claim(
    tx: &mut Tx<'_>,
    now: Timestamp,
    until: Timestamp,
) -> Result<Option<MailClaim>, StoreError> {
    while let Some(row) = lease(tx, now, until).await? {
        let (id, document): (i64, String) = (row.get("id"), row.get("document"));
        let reference: DocumentRef =
            document.parse().map_err(|_| StoreError::BadName(document.clone()))?;
        match read(&document, row.get("notice")) {
            Ok(notice) => {
                return Ok(Some(MailClaim {
                    id,
                    fence: row.get("fence"),
                    notice,
                    attempts: row.get("attempts"),
                    document: reference,
                }));
            }
            // Written by another version, or damaged: given up where
            // `intake status` shows it, so that it holds up no other.
            Err(e) => {
                sqlx::query("UPDATE outbox SET state = 'failed', leased_until = NULL WHERE id = ?")
                    .bind(id)
                    .execute(&mut **tx)
                    .await?;
                log(tx, &reference, now, "mail_failed", &e.to_string()).await?;
            }
        }
    }
    Ok(None)
}

/// What concerns a waiting discharge goes first, then what has waited longest.
async fn lease(
    tx: &mut Tx<'_>,
    now: Timestamp,
    until: Timestamp,
) -> Result<Option<SqliteRow>, StoreError> {
    Ok(sqlx::query(
        "UPDATE outbox SET leased_until = ?1, fence = fence + 1
         WHERE id = (SELECT o.id FROM outbox o JOIN documents d ON d.reference = o.document
                     WHERE o.state = 'waiting' AND o.ready = 1 AND o.available_at <= ?2
                       AND (o.leased_until IS NULL OR o.leased_until <= ?2)
                     ORDER BY d.lane = 'expedited' DESC, o.available_at, o.id LIMIT 1)
         RETURNING id, fence, document, notice, attempts",
    )
    .bind(millis(until))
    .bind(millis(now))
    .fetch_optional(&mut **tx)
    .await?)
}

pub(super) async fn sent(
    tx: &mut Tx<'_>,
    claim: &MailClaim,
    receipt: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let done = sqlx::query(
        "UPDATE outbox SET state = 'sent', leased_until = NULL, accepted_at = ?, receipt = ?
         WHERE id = ? AND fence = ?",
    )
    .bind(millis(now))
    .bind(receipt)
    .bind(claim.id)
    .bind(claim.fence)
    .execute(&mut **tx)
    .await?;
    held(claim, done.rows_affected())?;
    log(tx, &claim.document, now, "mail_accepted", &claim.notice.event.0).await
}

pub(super) async fn refused(
    tx: &mut Tx<'_>,
    claim: &MailClaim,
    again_at: Option<Timestamp>,
    why: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let done = sqlx::query(
        "UPDATE outbox SET leased_until = NULL, attempts = attempts + 1,
             state = CASE WHEN ?1 IS NULL THEN 'failed' ELSE 'waiting' END,
             available_at = COALESCE(?1, available_at)
         WHERE id = ?2 AND fence = ?3",
    )
    .bind(again_at.map(millis))
    .bind(claim.id)
    .bind(claim.fence)
    .execute(&mut **tx)
    .await?;
    held(claim, done.rows_affected())?;
    let event = if again_at.is_some() { "mail_deferred" } else { "mail_failed" };
    log(tx, &claim.document, now, event, why).await
}

fn held(claim: &MailClaim, rows: u64) -> Result<(), StoreError> {
    if rows == 1 { Ok(()) } else { Err(StoreError::LeaseLost(claim.document.clone())) }
}
