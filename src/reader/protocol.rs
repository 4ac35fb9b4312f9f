//! What parent and reader say to each other.
//!
//! A frame is two lengths (32 bits, little endian), a JSON message, and bytes
//! that belong to it: a file on the way in, a packet on the way out.

use std::io;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::assemble::Summary;
use crate::decode::Limits;
use crate::decode::pages::Inventory;
use crate::recognize;
use crate::recognize::recognized::{RecognizedPage, Rotation};
use crate::vocab::{Answer, PageNumber, Question, Sha256Digest};

/// Most bytes of a message. The largest is the text of all pages of a packet:
/// 5,000 pages of 10 kB.
const MAX_MESSAGE: u32 = 64 << 20;
/// Most bytes of a payload: a file or a packet.
const MAX_PAYLOAD: u32 = 1 << 30;

#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Request {
    /// The first one: load the OCR models.
    Start { limits: Limits, ocr: recognize::Config, manifest: String },
    /// Open the file in the payload; it stays open until the next one.
    Open,
    /// Read a page of the open file.
    Read { page: PageNumber },
    /// Look at regions again.
    Answer { page: PageNumber, rotation: Rotation, questions: Vec<Question> },
    /// Bind the open file, or nothing but the summary, into a packet.
    Bind { summary: Box<Summary>, pages: Vec<RecognizedPage> },
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Reply {
    /// Models are loaded; their digest.
    Ready {
        models: Sha256Digest,
    },
    Opened(Inventory),
    Page {
        page: Box<RecognizedPage>,
        decode_ms: u64,
        recognize_ms: u64,
    },
    Answers(Vec<Answer>),
    /// The packet is the payload.
    Packet,
    /// The file, or this page, is beyond reading: a code and a sentence.
    Unreadable {
        code: String,
        message: String,
    },
    /// The reader itself is at fault.
    Failed {
        message: String,
    },
}

pub(super) async fn send<M: Serialize>(
    to: &mut (impl AsyncWrite + Unpin),
    message: &M,
    payload: &[u8],
) -> io::Result<()> {
    let message = serde_json::to_vec(message)?;
    to.write_u32_le(length(message.len(), MAX_MESSAGE)?).await?;
    to.write_u32_le(length(payload.len(), MAX_PAYLOAD)?).await?;
    to.write_all(&message).await?;
    to.write_all(payload).await?;
    to.flush().await
}

pub(super) async fn receive<M: DeserializeOwned>(
    from: &mut (impl AsyncRead + Unpin),
) -> io::Result<(M, Vec<u8>)> {
    let message = from.read_u32_le().await?;
    let payload = from.read_u32_le().await?;
    let message = exactly(from, length(message as usize, MAX_MESSAGE)?).await?;
    let payload = exactly(from, length(payload as usize, MAX_PAYLOAD)?).await?;
    Ok((serde_json::from_slice(&message)?, payload))
}

fn length(bytes: usize, most: u32) -> io::Result<u32> {
    u32::try_from(bytes)
        .ok()
        .filter(|bytes| *bytes <= most)
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "a frame is too long"))
}

/// Grows as bytes arrive, so that a length alone costs nothing.
async fn exactly(from: &mut (impl AsyncRead + Unpin), bytes: u32) -> io::Result<Vec<u8>> {
    let mut buffer = Vec::new();
    let read = from.take(u64::from(bytes)).read_to_end(&mut buffer).await?;
    if read == bytes as usize { Ok(buffer) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_frame_comes_back_with_its_payload() {
        let mut pipe = Vec::new();
        let page = PageNumber::FIRST;
        send(&mut pipe, &Request::Read { page }, b"bytes").await.unwrap();
        let (request, payload) = receive::<Request>(&mut pipe.as_slice()).await.unwrap();
        assert!(matches!(request, Request::Read { page: PageNumber::FIRST }));
        assert_eq!(payload, b"bytes");
    }

    #[tokio::test]
    async fn a_length_that_lies_is_refused_without_allocating_it() {
        let too_long = [0xff; 8];
        assert!(receive::<Reply>(&mut too_long.as_slice()).await.is_err());
        let cut_off = [100, 0, 0, 0, 0, 0, 0, 0, b'{'];
        assert!(receive::<Reply>(&mut cut_off.as_slice()).await.is_err());
    }
}
