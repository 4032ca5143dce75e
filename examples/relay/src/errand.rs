//! One thing to post.

use axum::body::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, Request, Uri};
use http_body_util::Full;
use serde::Deserialize;

/// One thing to post: `{"url": "...", "arguments": [...]}`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Errand {
    /// Where to; plain HTTP.
    pub url: String,
    /// What: any JSON, and an empty list where there is none.
    #[serde(default = "nothing")]
    pub arguments: serde_json::Value,
}

impl Errand {
    /// The arguments as JSON, to be posted to the URL.
    ///
    /// # Errors
    /// The URL is none.
    pub fn into_request(self) -> Result<Request<Full<Bytes>>, http::Error> {
        let mut request = Request::new(Full::from(self.arguments.to_string()));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = Uri::try_from(self.url)?;
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Ok(request)
    }
}

fn nothing() -> serde_json::Value {
    serde_json::Value::Array(Vec::new())
}
