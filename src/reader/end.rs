//! How a reader ended, for the operator: a file that made it try what its
//! walls forbid is worth knowing about.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::time::Duration;

use tokio::process::Child;

/// How long a reader that has closed its pipe may take to be gone. One that
/// talks nonsense is not gone, and is killed.
const FAREWELL: Duration = Duration::from_millis(500);

/// What matters to the document.
pub(super) enum End {
    /// It used up the processor time allowed for a request.
    OutOfCpu,
    Other,
}

/// Waits for the end of a reader whose pipe broke or brought nonsense.
pub(super) async fn of(child: &mut Child) -> End {
    let Ok(Ok(status)) = tokio::time::timeout(FAREWELL, child.wait()).await else {
        tracing::warn!(
            code = "reader.distrusted",
            "a reader's reply cannot be parsed; it is replaced"
        );
        return End::Other;
    };
    let how = describe(status);
    tracing::warn!(code = "reader.ended", how, "a reader ended in the middle of its work");
    if status.signal() == Some(libc::SIGXCPU) { End::OutOfCpu } else { End::Other }
}

fn describe(status: ExitStatus) -> String {
    match (status.signal(), status.code()) {
        (Some(libc::SIGSYS), _) => "it tried what its walls forbid".to_owned(),
        (Some(libc::SIGXCPU), _) => "it used up its processor time".to_owned(),
        (Some(libc::SIGSEGV | libc::SIGBUS), _) => {
            "it touched memory that is not its own, or its stack overflowed".to_owned()
        }
        (Some(libc::SIGABRT), _) => "it gave up, most likely for want of memory".to_owned(),
        (Some(signal), _) => format!("signal {signal}"),
        (None, Some(code)) => format!("exit code {code}"),
        (None, None) => "unknown".to_owned(),
    }
}
