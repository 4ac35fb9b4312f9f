//! What parent and reader say to each other.
//!
//! A frame is two lengths (32 bits, little endian), a JSON message, and bytes
//! that belong to it: a file on the way in, a packet on the way out.

use std::io::{self, Read, Write};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::walls::Standing;
use crate::assemble::{Cut, Summary};
use crate::decode::Limits;
use crate::decode::pages::Inventory;
use crate::recognize;
use crate::recognize::recognized::{RecognizedPage, Rotation};
use crate::vocab::{Answer, PageNumber, Question, Sha256Digest};

/// Most bytes of a request. The largest is the text of all pages of a packet:
/// 5,000 pages of 10 kB.
const MAX_REQUEST: Most = Most { message: 64 << 20, payload: 1 << 30 };

/// Most bytes of each part of a frame.
#[derive(Clone, Copy, Debug)]
pub(super) struct Most {
    pub(super) message: u32,
    pub(super) payload: u32,
}

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
    Bind { summary: Box<Summary>, pages: Vec<RecognizedPage>, cut: Option<Cut> },
}

impl Request {
    /// What a reply to this may take: a reader that sends more has been taken
    /// over. A message is parsed into some four times its size.
    pub(super) fn reply_most(&self) -> Most {
        match self {
            Self::Start { .. } => Most { message: 64 << 10, payload: 0 },
            Self::Open => Most { message: 1 << 20, payload: 0 },
            // A word takes some 100 bytes; a page of the smallest print has
            // 4,000 words.
            Self::Read { .. } => Most { message: 32 << 20, payload: 0 },
            Self::Answer { .. } => Most { message: 4 << 20, payload: 0 },
            Self::Bind { .. } => Most { message: 64 << 10, payload: 1 << 30 },
        }
    }
}

/// A reply, with what the parent wants to know each time.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Replied {
    pub(super) reply: Reply,
    /// What the reader takes of the machine's memory, after the request.
    pub(super) resident_mib: u64,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Reply {
    /// Models are loaded, and all walls are up.
    Ready {
        models: Sha256Digest,
        /// The walls that the reader put up around itself.
        walls: Vec<Standing>,
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

/// The parent's way: it waits for many readers at once.
pub(super) async fn send(
    to: &mut (impl AsyncWrite + Unpin),
    request: &Request,
    payload: &[u8],
) -> io::Result<()> {
    to.write_all(&head(request, payload, MAX_REQUEST)?).await?;
    to.write_all(payload).await?;
    to.flush().await
}

pub(super) async fn receive<M: DeserializeOwned>(
    from: &mut (impl AsyncRead + Unpin),
    most: Most,
) -> io::Result<(M, Vec<u8>)> {
    let message = from.read_u32_le().await?;
    let payload = from.read_u32_le().await?;
    let message = exactly(from, within(message, most.message)?).await?;
    let payload = exactly(from, within(payload, most.payload)?).await?;
    Ok((serde_json::from_slice(&message)?, payload))
}

/// The reader's way: it has one thing to do, and no thread to do it on but
/// its own.
pub(super) fn write(to: &mut impl Write, reply: &Replied, payload: &[u8]) -> io::Result<()> {
    let most = Most { message: u32::MAX, payload: u32::MAX };
    to.write_all(&head(reply, payload, most)?)?;
    to.write_all(payload)?;
    to.flush()
}

pub(super) fn read(from: &mut impl Read) -> io::Result<(Request, Vec<u8>)> {
    let mut lengths = [0; 8];
    from.read_exact(&mut lengths)?;
    let [m0, m1, m2, m3, p0, p1, p2, p3] = lengths;
    let mut part = |bytes: [u8; 4], most: u32| -> io::Result<Vec<u8>> {
        let bytes = within(u32::from_le_bytes(bytes), most)?;
        let mut buffer = Vec::new();
        let read = from.take(u64::from(bytes)).read_to_end(&mut buffer)?;
        if read == bytes as usize { Ok(buffer) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    };
    let message = part([m0, m1, m2, m3], MAX_REQUEST.message)?;
    let payload = part([p0, p1, p2, p3], MAX_REQUEST.payload)?;
    Ok((serde_json::from_slice(&message)?, payload))
}

/// The lengths and the message.
fn head(message: &impl Serialize, payload: &[u8], most: Most) -> io::Result<Vec<u8>> {
    let mut head = vec![0; 8];
    serde_json::to_writer(&mut head, message)?;
    let message = within(u32::try_from(head.len() - 8).unwrap_or(u32::MAX), most.message)?;
    let payload = within(u32::try_from(payload.len()).unwrap_or(u32::MAX), most.payload)?;
    head[..4].copy_from_slice(&message.to_le_bytes());
    head[4..8].copy_from_slice(&payload.to_le_bytes());
    Ok(head)
}

fn within(bytes: u32, most: u32) -> io::Result<u32> {
    if bytes <= most {
        Ok(bytes)
    } else {
        Err(io::Error::new(io::ErrorKind::InvalidData, "a frame is too long"))
    }
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

    const REPLY: Most = Most { message: 1 << 10, payload: 1 << 10 };

    #[tokio::test]
    async fn a_request_arrives_with_its_payload() {
        let mut pipe = Vec::new();
        let page = PageNumber::FIRST;
        send(&mut pipe, &Request::Read { page }, b"bytes").await.unwrap();
        let (request, payload) = read(&mut pipe.as_slice()).unwrap();
        assert!(matches!(request, Request::Read { page: PageNumber::FIRST }));
        assert_eq!(payload, b"bytes");
    }

    #[tokio::test]
    async fn a_reply_comes_back_with_its_payload() {
        let mut pipe = Vec::new();
        let replied = Replied { reply: Reply::Packet, resident_mib: 70 };
        write(&mut pipe, &replied, b"%PDF").unwrap();
        let (replied, payload) = receive::<Replied>(&mut pipe.as_slice(), REPLY).await.unwrap();
        assert!(matches!(replied, Replied { reply: Reply::Packet, resident_mib: 70 }));
        assert_eq!(payload, b"%PDF");
    }

    #[tokio::test]
    async fn a_length_that_lies_is_refused_without_allocating_it() {
        for lies in [&[0xff; 8][..], &[100, 0, 0, 0, 0, 0, 0, 0, b'{']] {
            assert!(receive::<Replied>(&mut &*lies, REPLY).await.is_err());
            assert!(read(&mut &*lies).is_err());
        }
    }

    #[tokio::test]
    async fn a_reply_may_not_bring_what_was_not_asked_for() {
        let mut pipe = Vec::new();
        let replied = Replied { reply: Reply::Packet, resident_mib: 70 };
        write(&mut pipe, &replied, b"%PDF").unwrap();
        let most = Request::Read { page: PageNumber::FIRST }.reply_most();
        assert!(receive::<Replied>(&mut pipe.as_slice(), most).await.is_err());
    }

    #[tokio::test]
    async fn depth_is_bounded() {
        let deep = format!("{{\"reply\":{}", "[".repeat(100_000));
        let mut frame = u32::try_from(deep.len()).unwrap().to_le_bytes().to_vec();
        frame.extend([0; 4]);
        frame.extend(deep.bytes());
        let most = Most { message: 1 << 20, payload: 0 };
        assert!(receive::<Replied>(&mut frame.as_slice(), most).await.is_err());
    }
}
