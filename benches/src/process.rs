//! What Linux tells of a process.

use std::{fs, io, time::Duration};

/// Length of a tick of `/proc/PID/stat`: `USER_HZ` is 100 on every platform that Rust has (proc(5)).
const TICK: Duration = Duration::from_millis(10);

/// Resident memory of a process, in bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Memory {
    /// Now.
    pub(crate) resident: u64,
    /// The most that it ever was.
    pub(crate) peak: u64,
}

/// What all threads of a process have spent so far, in user and kernel mode.
pub(crate) fn cpu_time(pid: u32) -> io::Result<Duration> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name may hold blanks and brackets, so what follows its last bracket counts: `state` is field 3.
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
    let utime_and_stime = fields.split_whitespace().skip(11).take(2);
    let ticks: Vec<u32> = utime_and_stime.filter_map(|n| n.parse().ok()).collect();
    match ticks.as_slice() {
        [user, kernel] => Ok(TICK * (user + kernel)),
        _ => Err(io::ErrorKind::InvalidData.into()),
    }
}

/// The resident memory of a process.
pub(crate) fn memory(pid: u32) -> io::Result<Memory> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let bytes = |name| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let kibibytes: Option<u64> = line
            .and_then(|value| value.trim().strip_suffix(" kB"))
            .and_then(|value| value.parse().ok());
        kibibytes
            .map(|value| value * 1024)
            .ok_or(io::Error::from(io::ErrorKind::InvalidData))
    };
    Ok(Memory {
        resident: bytes("VmRSS:")?,
        peak: bytes("VmHWM:")?,
    })
}
