//! The trailers at the end of a gRPC-Web body: the same, however the body is cut.

use tower_telemetry_core::grpc_web::TrailerReader;

pub(crate) fn run(data: &[u8]) {
    let Some((&cut, body)) = data.split_first() else { return };
    for whole in [TrailerReader::binary(), TrailerReader::text()] {
        let (mut whole, mut parts) = (whole.clone(), whole);
        whole.read(body);
        for chunk in body.chunks(usize::from(cut).max(1)) {
            parts.read(chunk);
            parts.read(&[]);
        }
        let told = |reader: &TrailerReader| (reader.is_complete(), reader.status(), reader.messages());
        assert_eq!(told(&whole), told(&parts));
        assert!(whole.status().is_none() || whole.is_complete());
        // Each message has a frame of five bytes or more.
        assert!(whole.messages().unwrap_or(0) <= body.len() as u64 / 5);
    }
}
