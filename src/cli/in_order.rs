use std::collections::VecDeque;

use tokio::task::{JoinError, JoinHandle};

use super::exit::Failure;

/// Starts work on items, `at_once` of them side by side, and hands on what
/// comes of each in the order of the items.
pub async fn in_order<I, T>(
    items: impl IntoIterator<Item = I>,
    at_once: usize,
    mut start: impl FnMut(&I) -> Result<JoinHandle<T>, Failure>,
    mut done: impl AsyncFnMut(I, Result<T, JoinError>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut waiting = items.into_iter();
    let mut running: VecDeque<(I, JoinHandle<T>)> = VecDeque::new();
    loop {
        while running.len() < at_once
            && let Some(item) = waiting.next()
        {
            let task = start(&item)?;
            running.push_back((item, task));
        }
        let Some((item, task)) = running.pop_front() else { return Ok(()) };
        done(item, task.await).await?;
    }
}
