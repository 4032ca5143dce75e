//! What comes over a socket, logged by a handler in every way there is: as JSON and for a terminal.

use axum::Router;
use axum::body::Bytes;
use axum::extract::Request;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tower_telemetry::LogFormat;
use tower_telemetry_tests::{Rig, Server};

/// What a terminal or a viewer obeys.
fn is_obeyed(c: char) -> bool {
    let unseen = "\u{61c}\u{200e}\u{200f}\u{2028}\u{2029}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}";
    (c.is_control() && c != '\n') || unseen.contains(c)
}

/// A path, a header and a body, each as bytes on the wire.
fn hostile() -> Vec<[Vec<u8>; 3]> {
    let long = "\u{e9}\u{202e}".repeat(1_600);
    [
        [&b"/%0d%0a%1b[31m%22%7d"[..], b"evil\"}\\n\\u001b[2J", b"a\r\n{\"level\":\"ERROR\"}\r\n"],
        [b"/\"}{\\", b"evil\xff\xfe\x80 \xc3\x28", b"\x1b[2J\x1b]0;owned\x07\xc2\x9b31m"],
        [
            b"/%00%e2%80%ae",
            "evil\u{202e}\u{2066}\u{61c}\u{200f}\u{85}\u{9b}31m".as_bytes(),
            b"nul\0nul\xe2\x80\xa8",
        ],
        [b"/%c3%28", b"evil\tevil", b"\"\\ud800\", \"\\udc00\\ud83d\""],
        [b"/..%2f..%2f%ff", long.as_bytes(), b"\xed\xa0\x80\xf0\x28\x8c\x28"],
    ]
    .map(|parts| parts.map(<[u8]>::to_vec))
    .into()
}

async fn send([path, header, body]: &[Vec<u8>; 3], server: &Server) {
    let mut socket = TcpStream::connect(server.addr).await.unwrap();
    let length = body.len().to_string();
    let request = [
        &b"POST "[..],
        path,
        b" HTTP/1.1\r\nhost: a\r\nconnection: close\r\nuser-agent: ",
        header,
        b"\r\nx-request-id: ",
        header,
        b"\r\ncontent-length: ",
        length.as_bytes(),
        b"\r\n\r\n",
        body,
    ];
    socket.write_all(&request.concat()).await.unwrap();
    let mut heard = Vec::new();
    socket.read_to_end(&mut heard).await.unwrap();
    assert!(heard.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&heard));
    assert!(!heard.windows(4).any(|window| window == b"evil"), "{}", String::from_utf8_lossy(&heard));
}

/// Logs all that it was sent.
async fn tell(request: Request) {
    let (head, body) = request.into_parts();
    let agent = String::from_utf8_lossy(head.headers["user-agent"].as_bytes()).into_owned();
    let body: Bytes = axum::body::to_bytes(axum::body::Body::new(body), usize::MAX).await.unwrap();
    let body = String::from_utf8_lossy(&body).into_owned();
    tower_telemetry::current().unwrap().set("agent.noted", agent.clone());
    let error: Box<dyn std::error::Error + Send + Sync> = format!("{agent}: {body}").into();
    let _span = tracing::info_span!("telling", in_span = agent, path = %head.uri).entered();
    tracing::info!(agent, body, head = ?head, "{agent} {body}");
    tracing::warn!(error = &*error as &(dyn std::error::Error + 'static), "failed for {}", head.uri);
}

async fn log(format: LogFormat) -> (Rig, usize) {
    let rig = Rig::of(|builder| builder.with_log_format(format));
    let server = Server::axum(Router::new().fallback(tell).layer(rig.telemetry.http_server())).await;
    let hostile = hostile();
    for request in &hostile {
        send(request, &server).await;
    }
    rig.until_ended("server", hostile.len() as u64).await;
    (rig, hostile.len())
}

#[tokio::test]
async fn each_line_is_one_object_with_what_was_sent() {
    let (rig, count) = log(LogFormat::Json).await;
    assert!(!rig.log().contains(is_obeyed), "{:?}", rig.log());
    // Reading a line back fails where it is not one object.
    let lines = rig.lines();
    let by_level = |level| lines.iter().filter(|line| line.text("level") == Some(level)).count();
    assert_eq!((lines.len(), by_level("WARN"), by_level("ERROR")), (3 * count, count, 0));
    for ([_, header, body], line) in hostile().iter().zip(lines.chunks(3).map(|lines| &lines[0])) {
        for (key, sent) in [("agent", header), ("body", body), ("in_span", header)] {
            let (sent, told) = (String::from_utf8_lossy(sent), line.text(key).unwrap());
            // What takes more than 8 KiB with its escapes is cut, and the line says so.
            let is_cut = sent.len() > 4_096 && told.len() > 4_096 && line.get("truncated").is_some();
            assert!(told == sent || is_cut && sent.starts_with(told), "{key}: {told:?}");
        }
        let [trace, span, request] = line.ids();
        assert!(trace.is_some() && span.is_some() && request.is_some_and(|id| !id.contains("evil")));
    }
}

#[tokio::test]
async fn nothing_drives_a_terminal() {
    let (rig, count) = log(LogFormat::Pretty).await;
    assert!(!rig.log().contains(is_obeyed), "{:?}", rig.log());
    assert_eq!(rig.log().lines().count(), 3 * count);
}
