//! As much of an HTTP client as a question to a server on loopback takes.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use crate::Result;

/// For connecting, and for each read and write.
const TIMEOUT: Duration = Duration::from_secs(5);
/// A page of the shop has about a hundred kilobytes.
const LARGEST: u64 = 64 << 20;

/// An answer whose status was 200.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) content_type: String,
    pub(crate) body: Vec<u8>,
}

/// Asks for a path.
///
/// # Errors
///
/// As [`get_with`].
pub(crate) fn get(server: SocketAddr, path: &str, accept: &str) -> Result<Answer> {
    get_with(server, path, accept, &[])
}

/// Asks for a path, with further headers.
///
/// HTTP/1.0, so that the body ends where the connection does.
///
/// # Errors
///
/// The server cannot be reached, does not answer in time, or answers with another status than 200.
pub(crate) fn get_with(
    server: SocketAddr,
    path: &str,
    accept: &str,
    headers: &[(&str, &str)],
) -> Result<Answer> {
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let mut stream = TcpStream::connect_timeout(&server, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    write!(stream, "GET {path} HTTP/1.0\r\nHost: {server}\r\nAccept: {accept}\r\n{headers}\r\n")?;
    let mut answer = Vec::new();
    stream.take(LARGEST).read_to_end(&mut answer)?;
    read(&answer).map_err(|error| format!("http://{server}{path}: {error}").into())
}

/// A text as the value of a query: all but unreserved bytes are escaped (RFC 3986, section 2.3).
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                escaped.push(char::from(byte))
            }
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

fn read(answer: &[u8]) -> Result<Answer> {
    const BLANK: &[u8] = b"\r\n\r\n";
    let end =
        answer.windows(BLANK.len()).position(|window| window == BLANK).ok_or("the answer has no head")?;
    let (head, body) = answer.split_at(end);
    let body = body.strip_prefix(BLANK).unwrap_or_default();
    let head = String::from_utf8_lossy(head);
    let mut lines = head.lines();
    let status = lines.next().unwrap_or_default();
    if status.split(' ').nth(1) != Some("200") {
        return Err(format!("{status}: {}", String::from_utf8_lossy(body)).into());
    }
    let content_type = lines
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-type"))
        .map_or("", |(_, value)| value.trim());
    Ok(Answer { content_type: content_type.to_owned(), body: body.to_vec() })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn an_answer_falls_into_its_type_and_its_body() {
        let answer = read(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\na\r\n\r\nb").unwrap();
        assert_eq!(
            (answer.content_type.as_str(), answer.body.as_slice()),
            ("text/plain", &b"a\r\n\r\nb"[..])
        );
    }

    #[test]
    fn what_is_no_success_is_an_error_with_its_reason() {
        let error = read(b"HTTP/1.0 422 Unprocessable Entity\r\n\r\ninvalid query").unwrap_err().to_string();
        assert_eq!(error, "HTTP/1.0 422 Unprocessable Entity: invalid query");
        assert!(read(b"HTTP/1.0 200 OK\r\n").is_err());
    }

    #[test]
    fn a_query_is_escaped() {
        assert_eq!(escape("rate(a_b{c!=\"\"}[5s])"), "rate%28a_b%7Bc%21%3D%22%22%7D%5B5s%5D%29");
    }
}
