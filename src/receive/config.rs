use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::Timestamp;
use serde::Deserialize;

/// A folder that is watched. `[[source]]` in `intake.toml`; without any, the
/// folder `inbox` of the data directory.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SourceConfig {
    /// Name of the source in logs and manifests: letters, digits, `_`, `-`.
    pub id: String,
    /// The folder; relative to the data directory.
    pub path: PathBuf,
    /// Seconds between scans. Scanning is what is relied on: file-system
    /// events only make it sooner, and network mounts send none.
    pub scan_seconds: u64,
    /// Seconds for which size and modification time of a file must stay the
    /// same before it is taken.
    pub settle_seconds: u64,
    /// Seconds for which a file that looks cut off (a TIFF whose directory
    /// points past its end, a PDF without its end mark) is given time to grow
    /// before it is taken as it is.
    pub incomplete_seconds: u64,
    /// Facts about everything that comes this way, such as `dnis`, the number
    /// that was dialled. Evidence, never proof.
    pub metadata: BTreeMap<String, String>,
    /// Takes everything that comes this way as received at this moment (RFC
    /// 3339), instead of when it is taken: for an archive that is read again,
    /// and for demonstrations.
    pub received_at: Option<Timestamp>,
}

impl Default for SourceConfig {
    fn default() -> Self {
        Self {
            id: "inbox".into(),
            path: "inbox".into(),
            scan_seconds: 5,
            settle_seconds: 2,
            incomplete_seconds: 30,
            metadata: BTreeMap::new(),
            received_at: None,
        }
    }
}
