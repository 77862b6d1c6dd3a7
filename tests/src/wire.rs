//! HTTP/1.1 by hand, for what no client would send.

use std::net::Ipv4Addr;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// A connection to a server on this machine.
#[derive(Debug)]
pub struct Wire(TcpStream);

impl Wire {
    pub(crate) async fn open(port: u16) -> Self {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await;
        Self(stream.expect("a connection"))
    }

    /// Sends bytes as they are.
    ///
    /// # Panics
    /// The other side has hung up.
    pub async fn send(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).await.expect("sent");
    }

    /// Reads until the other side has sent `end`, or has hung up.
    ///
    /// # Panics
    /// The connection breaks.
    pub async fn read_until(&mut self, end: &str) -> String {
        let mut text = Vec::new();
        while !String::from_utf8_lossy(&text).contains(end) {
            if self.0.read_buf(&mut text).await.expect("an answer") == 0 {
                break;
            }
        }
        String::from_utf8_lossy(&text).into_owned()
    }
}
