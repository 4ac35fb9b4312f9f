//! Working the outbox: mail is sent, deferred with back-off, or given up to
//! an operator.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

use super::with_causes;
use super::worker::Workshop;
use crate::deliver::{Failure, MailError, MailPlan, Mailer, Receipt, compose};
use crate::store::{MailClaim, Store, StoreError};

/// How long a send may take before another may try: the mail server's own
/// time-outs end it before.
const LEASE: SignedDuration = SignedDuration::from_mins(10);
/// First wait after a refusal; doubles up to [`LONGEST`].
const FIRST: SignedDuration = SignedDuration::from_secs(30);
const LONGEST: SignedDuration = SignedDuration::from_hours(1);
/// Then the mail is given up and shows in `intake status` as failed: with the
/// waits above, after about two days of a server that is away.
const ATTEMPTS: u32 = 50;
const IDLE_LOOK: Duration = Duration::from_secs(5);

/// Sends until `stop` turns true.
pub async fn send(
    workshop: Arc<Workshop>,
    mailer: Arc<dyn Mailer>,
    plan: MailPlan,
    mut stop: watch::Receiver<bool>,
) {
    while !*stop.borrow() {
        match send_one(&*workshop.store, &*mailer, &plan, Timestamp::now()).await {
            Ok(true) => {}
            Ok(false) => {
                tokio::select! {
                    () = workshop.mail.notified() => {}
                    () = tokio::time::sleep(IDLE_LOOK) => {}
                    _ = stop.changed() => {}
                }
            }
            Err(e) => {
                tracing::error!(code = "store.unavailable", error = %e, "the outbox cannot be worked");
                tokio::time::sleep(IDLE_LOOK).await;
            }
        }
    }
}

/// Sends the mail that has waited longest; `false` if none waits.
///
/// Killed between the server's acceptance and the commit, the mail is sent
/// again with the same Message-ID, by which the receiver knows it (promise
/// P3).
pub async fn send_one(
    store: &dyn Store,
    mailer: &dyn Mailer,
    plan: &MailPlan,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Some(claim) = store.claim_mail(now, now + LEASE).await? else { return Ok(false) };
    match mailer.send(&compose(&claim.notice, plan), now).await {
        Ok(receipt) => {
            tracing::info!(document = %claim.document, event = claim.notice.event.0, "mail accepted");
            store.mail_sent(&claim, &shown(&receipt), Timestamp::now()).await?;
        }
        Err(e) => refused(store, &claim, &e).await?,
    }
    Ok(true)
}

async fn refused(
    store: &dyn Store,
    claim: &MailClaim,
    error: &MailError,
) -> Result<(), StoreError> {
    let now = Timestamp::now();
    let again = error.failure() == Failure::Transient && claim.attempts + 1 < ATTEMPTS;
    let wait = (FIRST * (1 << claim.attempts.min(7))).min(LONGEST);
    let again_at = again.then(|| now + wait);
    if again {
        tracing::warn!(code = "mail.deferred", document = %claim.document, error = with_causes(error),
            attempts = claim.attempts + 1, "mail will be tried again");
    } else {
        tracing::error!(code = "mail.failed", document = %claim.document, error = with_causes(error),
            attempts = claim.attempts + 1,
            "mail is given up; see `intake doctor` for the mail server");
    }
    store.mail_refused(claim, again_at, &error.to_string(), now).await
}

fn shown(receipt: &Receipt) -> String {
    match receipt {
        Receipt::Mail { message_id, .. } => message_id.clone(),
        Receipt::Folder { path, .. } => path.display().to_string(),
    }
}
