//! Parts of documents: rows of their own beside that of the whole.

use jiff::Timestamp;
use sqlx::{Sqlite, Transaction};

use super::rows::{json, millis, read};
use super::work::{keep_page, log};
use crate::decode::pages::Inventory;
use crate::receive::received::Received;
use crate::store::{NewPart, Stage, StoreError};
use crate::vocab::DocumentRef;

type Tx<'a> = Transaction<'a, Sqlite>;

/// Some pages of a document become one: received when and as the whole was.
pub(super) async fn add(
    tx: &mut Tx<'_>,
    document: &DocumentRef,
    part: &NewPart,
    now: Timestamp,
) -> Result<(), StoreError> {
    let whole = &part.of.document;
    let (received, inventory): (String, Option<String>) =
        sqlx::query_as("SELECT received, inventory FROM documents WHERE reference = ?")
            .bind(whole.as_str())
            .fetch_one(&mut **tx)
            .await?;
    let received: Received = read(whole.as_str(), &received)?;
    let received = Received { document: document.clone(), ..received };
    let inventory: Option<Inventory> =
        inventory.map(|text| read(whole.as_str(), &text)).transpose()?;
    let pages = u32::try_from(part.pages.len()).unwrap_or(u32::MAX);
    let inventory = inventory.map(|whole| Inventory { pages, ..whole });
    sqlx::query(
        "INSERT INTO documents
             (reference, submission, received, received_at, sha256, stage, lane, inventory, part_of)
         SELECT ?, submission, ?, ?, sha256, ?, lane, ?, ? FROM documents WHERE reference = ?",
    )
    .bind(document.as_str())
    .bind(json(&received))
    .bind(millis(received.received_at))
    .bind(Stage::Deciding.as_str())
    .bind(inventory.as_ref().map(json))
    .bind(json(&part.of))
    .bind(whole.as_str())
    .execute(&mut **tx)
    .await?;
    for page in &part.pages {
        keep_page(tx, document, page).await?;
    }
    log(tx, document, now, "split", &format!("part of {whole}")).await
}
