//! The shape of `publish:` as people write it. The doc comments are shown by editors.

use std::path::Path;

use super::spark::{SCHEME, SparkFile};
use super::{SCHEMES, ServerFile, URL, url};
use crate::config::database::spark::SparkTls;
use crate::config::database::{Destination, SecretFile, ServerTls};
use crate::config::value::OneFile;
use crate::decode::{Reader, Text, record};

record! {
    /// A schema of a PostgreSQL or Apache Spark server that results are written to as well.
    pub(in crate::config) struct PublishFile {
        /// The server: `postgres://db.example.com/shop`, where the role stands before the host, with `@` behind it; or
        /// `sc://spark.example.com:15002`.
        to: Text,
        /// A file that holds the password of PostgreSQL, relative to this file; it is read at each connection.
        password_file: Option<OneFile>,
        /// A file that holds the token which Spark's server asks for, relative to this file; it is read at each connection.
        token_file: Option<OneFile>,
        /// The schema, of which nobody else's tables are part. Default: `muster`.
        schema: Option<Text>,
        /// How the connection is protected: `verify-full`, `require` (PostgreSQL only) or `off`. Default: `verify-full`; on this
        /// machine encrypted where a PostgreSQL server can, and off for Spark.
        tls: Option<ServerTls>,
        /// A file with the certificate of your own authority (PEM), relative to this file. Default: the system's authorities.
        ca_file: Option<OneFile>,
    }
}

impl PublishFile {
    /// The file with the password or token.
    pub(in crate::config) fn secret_file(&self, folder: &Path) -> Option<SecretFile> {
        let password = self.password_file.as_ref();
        let token = self.token_file.as_ref();
        let password = password.map(|file| SecretFile::password(file, folder));
        password.or_else(|| token.map(|file| SecretFile::token(file, folder)))
    }

    /// Resolves relative paths from `folder`.
    pub(in crate::config) fn into_destination(
        self,
        folder: &Path,
        reader: &mut Reader<'_>,
    ) -> Option<Destination> {
        let to = &self.to.scalar;
        let begins_with = |scheme: &&str| to.value.starts_with(*scheme);
        if begins_with(&SCHEME) {
            return self.into_spark(folder, reader);
        }
        if !SCHEMES.iter().any(begins_with) {
            let help = "it begins with `postgres://` or `sc://`";
            reader.object(to.location, format!("`publish.to` must be {URL}"), help);
            return None;
        }
        self.into_postgres(folder, reader)
    }

    fn into_postgres(self, folder: &Path, reader: &mut Reader<'_>) -> Option<Destination> {
        if self.token_file.is_some() {
            let message = "`publish:` must not have `token_file:` here, which belongs to Spark";
            let help = "write `password_file:`";
            reader.object(self.to.scalar.location, message, help);
        }
        let url = url(&self.to, "publish.to", reader)?;
        let file = ServerFile {
            postgres: self.to,
            password_file: self.password_file,
            schema: self.schema,
            tls: self.tls,
            ca_file: self.ca_file,
        };
        let server = file.into_server("publish", url, folder, reader);
        Some(Destination::Postgres(Box::new(server)))
    }

    fn into_spark(self, folder: &Path, reader: &mut Reader<'_>) -> Option<Destination> {
        let at = self.to.scalar.location;
        if self.password_file.is_some() {
            let message =
                "`publish:` must not have `password_file:` here, which belongs to PostgreSQL";
            reader.object(at, message, "write `token_file:`");
        }
        let tls = self.tls.and_then(|tls| match tls {
            ServerTls::VerifyFull => Some(SparkTls::VerifyFull),
            ServerTls::Off => Some(SparkTls::Off),
            ServerTls::Require => {
                let message = "`publish:` must have `tls: verify-full` or `tls: off` for Spark";
                let help = "write `verify-full`: a server whose certificate is not checked could be anyone's";
                reader.object(at, message, help);
                None
            }
        });
        let file = SparkFile {
            token_file: self.token_file,
            tls,
            ca_file: self.ca_file,
            schema: self.schema,
            ..SparkFile::named(self.to)
        };
        let place = file.place("publish.to", reader)?;
        let server = file.into_server("publish", place, folder, reader);
        Some(Destination::Spark(Box::new(server)))
    }
}
