//! TLS, with a certificate that may change while the server runs.

use crate::error::{Error, ErrorKind, Result};
use crate::files;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};
use x509_cert::Certificate;
use x509_cert::der::Decode;

/// A certificate that is served.
#[derive(Debug)]
pub(super) struct Tls {
    pub(super) config: Arc<ServerConfig>,
    /// Where the certificate is.
    path: PathBuf,
    /// When it ends, in seconds since 1970, and as a text.
    end: Option<(u64, String)>,
}

impl Tls {
    /// When the certificate ends, in seconds since 1970; `None` where it does not say.
    pub(super) fn end(&self) -> Option<u64> {
        self.end.as_ref().map(|(seconds, _)| *seconds)
    }

    /// What is wrong with a certificate whose time is over.
    pub(super) fn expired(&self) -> Option<Error> {
        let (seconds, text) = self.end.as_ref()?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs();
        let error =
            || Error::new(ErrorKind::InvalidOption, format!("the certificate ended at {text}; put a new one here"));
        (*seconds < now).then(|| files::name(&self.path, &error()))
    }
}

/// Reads a chain of certificates and its key, both in PEM.
///
/// # Errors
/// [`ErrorKind::Io`] and [`ErrorKind::InvalidOption`], naming the file.
pub(super) fn read((certificate, key): &(PathBuf, PathBuf)) -> Result<Arc<Tls>> {
    let refuse = |path: &Path, error: &dyn std::fmt::Display| {
        files::name(path, &Error::new(ErrorKind::InvalidOption, error.to_string()))
    };
    // A missing file is reported as such, not as a malformed certificate.
    for path in [certificate, key] {
        files::read(path, crate::limits::MODEL_BYTES)?;
    }
    let chain =
        CertificateDer::pem_file_iter(certificate).and_then(Iterator::collect::<std::result::Result<Vec<_>, _>>);
    let chain = chain.map_err(|error| refuse(certificate, &error))?;
    if chain.is_empty() {
        return Err(refuse(certificate, &"expected a certificate in PEM, found none"));
    }
    let end = Certificate::from_der(&chain[0]).ok().map(|own| {
        let end = own.tbs_certificate().validity().not_after;
        (end.to_unix_duration().as_secs(), end.to_string())
    });
    let private = PrivateKeyDer::from_pem_file(key).map_err(|error| refuse(key, &error))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::new(ErrorKind::Internal, error.to_string()))?
        .with_no_client_auth()
        .with_single_cert(chain, private)
        .map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => {
                refuse(key, &format!("the key is not that of the certificate {}", certificate.display()))
            }
            error => refuse(key, &error),
        })?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(Tls { config: Arc::new(config), path: certificate.clone(), end }))
}
