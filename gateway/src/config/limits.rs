//! How much, how many and how long.

use pupila_runtime::config::Validate;
use serde::Deserialize;

/// How much, how many and how long.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsConfig {
    /// Bytes of one uploaded file.
    pub max_file_bytes: usize,
    /// Bytes of one uploaded ZIP of images.
    pub max_archive_bytes: usize,
    /// Bytes of all uploads that are held in memory at once.
    pub max_buffered_bytes: usize,
    /// Seconds that a request may take from its first byte to its answer; exports may take longer to send.
    pub request_timeout_seconds: u64,
    /// Seconds that a call to a service may take.
    pub call_timeout_seconds: u64,
    /// Connections that are open at once.
    pub max_connections: usize,
    /// Event streams that one caller has open at once; each is a connection.
    pub max_event_streams: usize,
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            max_file_bytes: 20 << 20,
            max_archive_bytes: 100 << 20,
            max_buffered_bytes: 256 << 20,
            request_timeout_seconds: 60,
            call_timeout_seconds: 30,
            max_connections: 1024,
            max_event_streams: 20,
        }
    }
}

impl Validate for LimitsConfig {
    fn faults(&self) -> Vec<String> {
        let positive = [
            ("max_file_bytes", self.max_file_bytes > 0),
            ("max_archive_bytes", self.max_archive_bytes > 0),
            ("request_timeout_seconds", self.request_timeout_seconds > 0),
            ("call_timeout_seconds", self.call_timeout_seconds > 0),
            ("max_connections", self.max_connections > 0),
            ("max_event_streams", self.max_event_streams > 0),
        ];
        let mut faults: Vec<_> = positive
            .into_iter()
            .filter(|(_, holds)| !holds)
            .map(|(field, _)| format!("gateway.limits.{field}: must be at least 1"))
            .collect();
        if self.max_buffered_bytes < self.max_file_bytes {
            faults
                .push("gateway.limits.max_buffered_bytes: must hold at least one file".to_owned());
        }
        faults
    }
}
