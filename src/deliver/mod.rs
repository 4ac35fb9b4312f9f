//! Station 7: case and queue folders, mail.

pub mod receipt;

/// Temporary until the branch arrives.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Notice;
impl Notice {
    pub fn event_id(&self) -> String {
        String::new()
    }
}
