//! Bytes on a socket, where no type stands in the way.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tower_telemetry_tests::{Server, soon};

/// Sends these bytes, and gives all that is answered until the server closes.
pub(super) async fn exchange(server: &Server, sent: &[u8]) -> Vec<u8> {
    let mut socket = TcpStream::connect(server.addr).await.unwrap();
    // A server that refuses in the middle may have closed already.
    let _ = socket.write_all(sent).await;
    let mut heard = Vec::new();
    let _ = soon(socket.read_to_end(&mut heard)).await;
    heard
}

/// A request over HTTP/1 with these lines, whose connection ends with it.
pub(super) fn http1(lines: &[(&str, &[u8])]) -> Vec<u8> {
    let mut request = b"GET /x HTTP/1.1\r\nhost: a\r\nconnection: close\r\n".to_vec();
    for (name, value) in lines {
        request.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
    }
    request.extend(b"\r\n");
    request
}

/// The first frames of an HTTP/2 connection, with a gRPC call that has this id.
pub(super) fn grpc(id: &[u8]) -> Vec<u8> {
    let mut block = Vec::new();
    for (name, value) in [
        (":method", &b"POST"[..]),
        (":scheme", b"http"),
        (":path", b"/compose.v1.Echo/Say"),
        (":authority", b"a"),
        ("content-type", b"application/grpc"),
        ("te", b"trailers"),
        ("x-request-id", id),
    ] {
        // A literal without a place in the table (RFC 7541, 6.2.2), in its own bytes.
        block.push(0);
        text(name.as_bytes(), &mut block);
        text(value, &mut block);
    }
    let mut frames = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
    frames.extend([0, 0, 0, 4, 0, 0, 0, 0, 0]);
    let length = u32::try_from(block.len()).unwrap().to_be_bytes();
    // HEADERS with END_HEADERS and END_STREAM, on the first stream.
    frames.extend([length[1], length[2], length[3], 1, 5, 0, 0, 0, 1]);
    frames.extend(block);
    frames
}

/// A text of HPACK, not in Huffman's code.
fn text(bytes: &[u8], block: &mut Vec<u8>) {
    let mut length = bytes.len();
    if length < 127 {
        block.push(u8::try_from(length).unwrap());
    } else {
        block.push(127);
        length -= 127;
        while length >= 128 {
            block.push(u8::try_from(length % 128).unwrap() | 128);
            length /= 128;
        }
        block.push(u8::try_from(length).unwrap());
    }
    block.extend(bytes);
}

/// Sends the frames of a call, and gives the kinds of those that are answered, to the end of its stream.
pub(super) async fn call(server: &Server, sent: &[u8]) -> Vec<u8> {
    const END_STREAM: u8 = 1;
    let (mut kinds, mut head) = (Vec::new(), [0; 9]);
    let mut socket = TcpStream::connect(server.addr).await.unwrap();
    socket.write_all(sent).await.unwrap();
    while soon(socket.read_exact(&mut head)).await.is_ok() {
        let [a, b, c, kind, flags, ..] = head;
        let mut payload = vec![0; usize::from(a) << 16 | usize::from(b) << 8 | usize::from(c)];
        if soon(socket.read_exact(&mut payload)).await.is_err() {
            break;
        }
        kinds.push(kind);
        let ends = matches!(kind, 0 | 1) && flags & END_STREAM != 0;
        if ends || matches!(kind, 3 | 7) {
            break;
        }
    }
    kinds
}
