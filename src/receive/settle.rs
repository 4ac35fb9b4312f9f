//! When a file is done growing.

use std::time::Duration;

/// What a look at a file shows; a change of any of them means that somebody
/// is still at work on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Look {
    /// Bytes.
    pub size: u64,
    /// Modification time, seconds and nanoseconds.
    pub modified: (i64, i64),
    /// Tells a replaced file from a rewritten one.
    pub inode: u64,
}

/// How long files are watched before they are taken.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Unchanged for this long: settled.
    pub settle: Duration,
    /// The same for a file that looks cut off.
    pub incomplete: Duration,
}

/// One file under watch. Time is passed in, as the age of the watch.
#[derive(Clone, Copy, Debug)]
pub struct Settling {
    look: Look,
    since: Duration,
}

impl Settling {
    /// The first look, at `now`.
    pub fn begin(look: Look, now: Duration) -> Self {
        Self { look, since: now }
    }

    /// Another look: how long the file has not changed. A change begins anew.
    pub fn look_again(&mut self, look: Look, now: Duration) -> Duration {
        if look != self.look {
            *self = Self::begin(look, now);
        }
        now.saturating_sub(self.since)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn look(size: u64) -> Look {
        Look { size, modified: (1, 0), inode: 7 }
    }

    #[test]
    fn every_change_starts_the_wait_anew() {
        let at = Duration::from_secs;
        let mut file = Settling::begin(look(10), at(0));
        assert_eq!(file.look_again(look(10), at(1)), at(1));
        assert_eq!(file.look_again(look(20), at(2)), at(0));
        assert_eq!(file.look_again(look(20), at(5)), at(3));
        let replaced = Look { inode: 8, ..look(20) };
        assert_eq!(file.look_again(replaced, at(6)), at(0));
    }
}
