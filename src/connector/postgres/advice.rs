//! What a server's refusals mean, and what to do.

use super::login::role;
use super::sqlstate::{
    CANCELLED, DATABASE_FULL, ENDED, FULL, HAS_POLICIES, IDLE, LOCK_SECONDS, LOCKED, LONG,
    NO_ENTRY, NO_LOGIN, NO_RIGHT, ON_STANDBY, ROLE_FULL, TIMEOUT,
};
use crate::config::Server;
use crate::sql::quoted;

/// A refusal that concerns the whole server.
pub(super) fn refused(code: &str, reason: &str, server: &Server) -> String {
    let user = role(server);
    let user = user.as_deref().unwrap_or("this user");
    let (role, database) = (named(user), named(&server.database));
    let no_connection = |limit: &str| {
        format!(
            "has no connection left ({reason}): try again later, or ask the server's administrator to allow more ({limit})"
        )
    };
    match code {
        "28P01" | "28000" | NO_LOGIN => refused_login(code, reason, user, server),
        NO_ENTRY => format!(
            "refuses the connection: `{user}` may not connect to this database ({reason}): ask its owner to run \
             `GRANT CONNECT ON DATABASE {database} TO {role}`"
        ),
        "3D000" => format!(
            "has no such database ({reason}): check the database name at the end of the URL"
        ),
        ROLE_FULL => no_connection(&format!("`ALTER ROLE {role} CONNECTION LIMIT …`")),
        DATABASE_FULL => no_connection(&format!("`ALTER DATABASE {database} CONNECTION LIMIT …`")),
        FULL => no_connection("`max_connections`"),
        "57P03" => format!("takes no connections at the moment ({reason}): try again later"),
        ON_STANDBY => format!(
            "ended the connection ({reason}): it is a standby, which does so to keep up with its primary: raise \
             `max_standby_streaming_delay` there, or turn `hot_standby_feedback` on"
        ),
        ENDED | "57P02" | "57P05" => {
            format!("was stopped, or ended the connection ({reason}): try again")
        }
        IDLE => format!(
            "ended the connection ({reason}): let it wait longer, by \
             `ALTER ROLE {role} SET idle_in_transaction_session_timeout = 0`"
        ),
        LONG => format!(
            "ended the connection ({reason}): allow a longer transaction, by `ALTER ROLE {role} SET transaction_timeout = 0`"
        ),
        TIMEOUT => format!(
            "stopped reading, since a statement exceeded `statement_timeout` ({reason}): allow more, by \
             `ALTER ROLE {role} SET statement_timeout = '10min'`, or let the view that takes so long be materialized"
        ),
        CANCELLED => format!("was asked to cancel the query ({reason}): try again"),
        LOCKED => format!(
            "has a table locked by another program for longer than {LOCK_SECONDS} seconds ({reason}): try again when that \
             program is done"
        ),
        "40001" | "40P01" | "72000" => {
            format!("could not keep a consistent snapshot of the data ({reason}): try again")
        }
        NO_RIGHT | HAS_POLICIES => {
            format!(
                "cannot be read: {reason}: {}",
                of_right(code, reason, None, server)
            )
        }
        _ => format!("cannot be read: {reason}"),
    }
}

/// Advice about a refused login.
fn refused_login(code: &str, reason: &str, user: &str, server: &Server) -> String {
    let role = match server.user {
        Some(_) => "check the name in the URL",
        None => {
            "check whether that is the right role: the URL can name another one before the host, followed by `@`"
        }
    };
    let advice = match () {
        // Either there is no such role, or it may not log in.
        () if code == NO_LOGIN => format!(
            "{role}; if it is right, ask the server's administrator to run `ALTER ROLE {} LOGIN`",
            named(user)
        ),
        // The file is called that in any language.
        () if reason.contains("pg_hba.conf") => {
            "ask the server's administrator to admit the role from this machine in pg_hba.conf"
                .to_owned()
        }
        () => format!("{role}; {}", password_of(server)),
    };
    format!("refuses the login of `{user}` ({reason}): {advice}")
}

/// Advice about a missing privilege, where `relation` was read, if it is known.
pub(super) fn of_right(
    code: &str,
    reason: &str,
    relation: Option<&str>,
    server: &Server,
) -> String {
    let user = role(server);
    let user = user.as_deref().unwrap_or("this role");
    let role = named(user);
    if code == HAS_POLICIES {
        return format!(
            "`row_security` is off for `{user}`, so the server refuses it tables with policies: \
             `ALTER ROLE {role} RESET row_security` lets it read the rows that they show"
        );
    }
    const KINDS: [(&str, &str, &str); 10] = [
        ("for schema ", "schema", "USAGE ON SCHEMA"),
        ("for function ", "function", "EXECUTE ON FUNCTION"),
        ("for procedure ", "procedure", "EXECUTE ON PROCEDURE"),
        ("for sequence ", "sequence", "USAGE ON SEQUENCE"),
        ("for foreign server ", "server", "USAGE ON FOREIGN SERVER"),
        ("for materialized view ", TABLE, "SELECT ON"),
        ("for foreign table ", TABLE, "SELECT ON"),
        ("for view ", TABLE, "SELECT ON"),
        ("for relation ", TABLE, "SELECT ON"),
        ("for table ", TABLE, "SELECT ON"),
    ];
    let mut kinds = KINDS.iter();
    let found = kinds.find_map(|kind| Some((kind, reason.split_once(kind.0)?.1)));
    // The server may write its messages in any language.
    let Some(((_, kind, right), names)) = found else {
        return format!(
            "ask the owner of what it names to grant `{role}` the right to read it (`GRANT SELECT ON …` for a table or view, \
             `GRANT USAGE ON SCHEMA …`, `GRANT EXECUTE ON FUNCTION …`)"
        );
    };
    let names = names.trim_matches('`');
    if let Some(view) =
        relation.filter(|relation| *kind == TABLE && !relation.eq_ignore_ascii_case(names))
    {
        return format!(
            "the view `{view}` reads it with the rights of the view's owner, or with those of `{user}` if the view has \
             `security_invoker`: ask the owner of `{names}` to grant `SELECT` on it to that role"
        );
    }
    let objects: Vec<_> = names.split(", ").map(named).collect();
    format!(
        "ask the {kind}'s owner to run `GRANT {right} {} TO {role}`",
        objects.join(", ")
    )
}

/// Advice about a missing privilege of the role that publishes.
pub(super) fn of_right_to_write(reason: &str, server: &Server) -> String {
    let user = role(server);
    let user = user.as_deref().unwrap_or("this role");
    let role = named(user);
    let schema = server.schema.as_deref().map_or("…".to_owned(), named);
    let create = format!("`CREATE SCHEMA {schema} AUTHORIZATION {role}`");
    let temporary = format!(
        "`GRANT TEMPORARY ON DATABASE {} TO {role}`",
        named(&server.database)
    );
    let named_by = |of: &str| {
        let (_, name) = reason.split_once(of)?;
        Some(named(name.trim_matches('`')))
    };
    if reason.contains("temporary tables") {
        format!("let it create them ({temporary})")
    } else if let Some(schema) = named_by("for schema ") {
        format!(
            "let `{user}` own the schema (`ALTER SCHEMA {schema} OWNER TO {role}`), or name another one (`schema:` under `publish:`)"
        )
    } else if reason.contains("for database ") {
        format!("create the schema for it ({create})")
    } else {
        format!(
            "let `{user}` own the schema and the tables in it ({create}, `ALTER TABLE … OWNER TO {role}`), and create temporary \
             tables ({temporary})"
        )
    }
}

/// What a table or view is called in advice.
const TABLE: &str = "table";

/// A name as the server's SQL takes it: quoted where it is not all lowercase.
pub(super) fn named(name: &str) -> String {
    match name.contains(|c: char| c.is_ascii_uppercase()) {
        true => quoted(name),
        false => crate::sql::name(name),
    }
}

/// Advice about the password, depending on its source.
fn password_of(server: &Server) -> &'static str {
    match (&server.password_file, &server.password) {
        (Some(_), _) => "check the password in the file that `password_file:` names",
        (None, Some(_)) => "check the password in it",
        (None, None) if std::env::var_os("PGPASSWORD").is_some() => {
            "check the password in the variable PGPASSWORD"
        }
        (None, None) => {
            "if the role needs a password, set `password_file:` to a file that contains it"
        }
    }
}

pub(super) fn untrusted(reason: &str) -> String {
    let known = ["UnknownIssuer", "CaUsedAsEndEntity"];
    let advice = if reason.contains("not valid for name") {
        "name the server in the URL as its certificate does"
    } else if reason.contains("expired") {
        "ask the server's administrator to renew the certificate"
    } else if known.iter().any(|known| reason.contains(known)) {
        "let `ca_file:` name the certificate of the authority that signed it"
    } else if reason.contains("does not support TLS") {
        "ask the server's administrator to enable TLS; on a network that nobody else can read, `tls: off` connects without it"
    } else {
        "see `tls:` and `ca_file:` in docs/config.md"
    };
    format!("could not prove that it is the right server ({reason}): {advice}")
}
