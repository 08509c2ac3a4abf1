//! Encryption: which authorities are trusted. Nothing that was said before counts.

use std::path::Path;
use std::sync::Arc;

use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, Error, RootCertStore};

use super::Fault;
use super::talk::{Broken, Stream};
use crate::config::Smtp;
use crate::disk::read;
use crate::view::BYTE_ORDER_MARK;

/// The largest certificate file, in bytes: far more than one authority needs.
const AUTHORITY: u64 = 4 * 1024 * 1024;

/// How the server is verified: its name, and the authorities that may certify it.
pub(super) struct Protection {
    connector: TlsConnector,
    name: ServerName<'static>,
}

impl Protection {
    /// Builds the protection that config asks for.
    pub fn of(smtp: &Smtp, host: &str) -> Result<Self, Fault> {
        let unready = |why: String| Fault::Lost(format!("TLS cannot be prepared: {why}"));
        let name = ServerName::try_from(host.to_owned());
        let name =
            name.map_err(|error| unready(format!("`host:` is not a valid name: {error}")))?;
        let mut authorities = RootCertStore::empty();
        match &smtp.ca_file {
            Some(file) => {
                for certificate in authority(&file.path).map_err(Fault::Lost)? {
                    let added = authorities.add(certificate);
                    added.map_err(|error| unready(error.to_string()))?;
                }
            }
            None => {
                let system = rustls_native_certs::load_native_certs();
                authorities.add_parsable_certificates(system.certs);
            }
        }
        let config = config(authorities).map_err(|error| unready(error.to_string()))?;
        Ok(Self {
            connector: TlsConnector::from(Arc::new(config)),
            name,
        })
    }

    /// Encrypts a connection.
    pub async fn over(self, stream: Box<dyn Stream>) -> Result<Box<dyn Stream>, Broken> {
        let protected = self.connector.connect(self.name, stream).await?;
        Ok(Box::new(protected))
    }
}

fn config(authorities: RootCertStore) -> Result<ClientConfig, Error> {
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(authorities);
    Ok(config.with_no_client_auth())
}

/// The certificates in `ca_file`.
///
/// # Errors
/// What is wrong with the file, in words.
pub(in crate::mail) fn authority(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let wrong = |why: String| format!("`ca_file` `{}` {why}", path.display());
    let pem = read(path, AUTHORITY).map_err(|error| wrong(error.to_string()))?;
    let pem = pem.strip_prefix(BYTE_ORDER_MARK.as_bytes()).unwrap_or(&pem);
    if !pem
        .windows(27)
        .any(|part| part == b"-----BEGIN CERTIFICATE-----")
    {
        return Err(wrong("holds no certificate in PEM".to_owned()));
    }
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let read = read.ok().filter(|certificates| !certificates.is_empty());
    read.ok_or_else(|| wrong("holds no certificate that can be read".to_owned()))
}
