//! A client that costs next to nothing, because it runs on the server's cores: one connection that is kept
//! alive, and forms that are put together once.

use std::net::SocketAddr;

use bytes::Bytes;
use http::{Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::{Failure, images::Image};

/// Ends the parts of a form; found in no JPEG file by any chance worth thinking of.
const BOUNDARY: &str = "pupila-bench-2f1e7c9a54d84b0e";
const CONTENT_TYPE: &str = "multipart/form-data; boundary=pupila-bench-2f1e7c9a54d84b0e";

/// A connection.
pub(crate) struct Client {
    sender: SendRequest<Full<Bytes>>,
    host: String,
}

/// The body of a request for one image.
pub(crate) fn form(image: &Image) -> Bytes {
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\n\
         Content-Type: image/jpeg\r\n\r\n",
        image.name
    );
    let tail = format!("\r\n--{BOUNDARY}--\r\n");
    [head.as_bytes(), &image.bytes, tail.as_bytes()]
        .concat()
        .into()
}

impl Client {
    /// Connects. Must be called inside the Tokio runtime, which then drives the connection.
    pub(crate) async fn connect(address: SocketAddr) -> Result<Self, Failure> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        // Whoever waits for an answer learns of a broken connection.
        tokio::spawn(connection);
        Ok(Self {
            sender,
            host: address.to_string(),
        })
    }

    /// Has one image analysed and reads the whole answer.
    ///
    /// # Errors
    /// A broken connection, or any answer but 200.
    pub(crate) async fn predict(&mut self, form: Bytes) -> Result<(), Failure> {
        let request = Request::post("/predict")
            .header(header::HOST, &self.host)
            .header(header::CONTENT_TYPE, CONTENT_TYPE)
            .body(Full::new(form))?;
        self.sender.ready().await?;
        let response = self.sender.send_request(request).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        match status {
            StatusCode::OK => Ok(()),
            _ => Err(format!("{status}: {}", String::from_utf8_lossy(&body)).into()),
        }
    }
}
