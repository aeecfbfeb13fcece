//! The page that documents the routes, served from the binary itself.

use super::App;
use super::answer::{HandlerResult, JSON, typed};
use super::known_document::KnownDocument;
use super::openapi;
use crate::error::{Error, ErrorKind};
use axum::body::Bytes;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use std::borrow::Cow;
use std::io::{Cursor, Read};
use std::sync::{Arc, Mutex, PoisonError};
use utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED;
use zip::ZipArchive;

/// The page sets styles itself. Scripts come from the server only.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; \
     frame-ancestors 'none'",
);

const PAGE: &str = "<!doctype html>
<html lang=\"en\">
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width\">
<title>tepal: what the server can be asked</title>
<link rel=\"icon\" href=\"data:,\">
<link rel=\"stylesheet\" href=\"/docs/swagger-ui.css\">
<div id=\"swagger-ui\"></div>
<script src=\"/docs/swagger-ui-bundle.js\"></script>
<script src=\"/docs/begin.js\"></script>
";

const BEGIN: &str = "SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', deepLinking: true });\n";

/// `GET /openapi.json`.
pub(super) async fn document(State(app): State<App>) -> HandlerResult {
    let (now, has_keys) = (app.models.now(), app.keys.load().is_some());
    if let Some(known) = app.openapi.load().as_ref().filter(|known| known.describes(&now, has_keys)) {
        return Ok(typed(JSON, known.text()));
    }
    let default = app.models.choose(&super::models::ModelSelector::default(), None).ok().map(|choice| choice.loaded);
    let write = move || {
        let document = openapi::document(&now, default.as_ref(), has_keys)?;
        let text = document.to_json().map_err(|error| Error::new(ErrorKind::Internal, error.to_string()))?;
        Ok::<_, Error>(KnownDocument::new(now, has_keys, text.into()))
    };
    let written = Arc::new(app.scoring.run(write).await.and_then(|written| written)?);
    app.openapi.store(Some(Arc::clone(&written)));
    Ok(typed(JSON, written.text()))
}

/// `GET /docs`.
pub(super) async fn page() -> HandlerResult {
    let mut response = typed("text/html; charset=utf-8", PAGE);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, POLICY);
    Ok(response)
}

/// `GET /docs/{file}`: a script or a style of the page.
pub(super) async fn file(name: Result<Path<String>, PathRejection>) -> HandlerResult {
    match name.as_ref().map(|Path(name)| name.as_str()).unwrap_or_default() {
        "begin.js" => Ok(typed("text/javascript", BEGIN)),
        "swagger-ui.css" => Ok(typed("text/css", unpacked("swagger-ui.css")?)),
        "swagger-ui-bundle.js" => Ok(typed("text/javascript", unpacked("swagger-ui-bundle.js")?)),
        _ => Err(Error::new(ErrorKind::NotFound, "the documentation has no such file").into()),
    }
}

/// A file of Swagger UI, which is in the binary as an archive. An unpacked file stays in memory.
fn unpacked(name: &'static str) -> Result<Bytes, Error> {
    static UNPACKED: Mutex<Vec<(&str, Bytes)>> = Mutex::new(Vec::new());
    let mut unpacked = UNPACKED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, bytes)) = unpacked.iter().find(|(other, _)| *other == name) {
        return Ok(bytes.clone());
    }
    let read = || {
        let mut archive = ZipArchive::new(Cursor::new(SWAGGER_UI_VENDORED))?;
        let ending = format!("/dist/{name}");
        let inside = archive.file_names().flatten().find(|path| path.ends_with(&ending)).map(Cow::into_owned);
        let mut bytes = Vec::new();
        archive.by_name(&inside.unwrap_or_default())?.read_to_end(&mut bytes)?;
        Ok::<_, zip::result::ZipError>(bytes)
    };
    let bytes: Bytes = read().map_err(|error| Error::new(ErrorKind::Internal, error.to_string()))?.into();
    unpacked.push((name, bytes.clone()));
    Ok(bytes)
}
