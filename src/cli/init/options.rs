//! Options that stand for keys of a config that is still to be made.

use crate::config::ServerTls;

/// How a connection is protected, by its name in config.
pub(super) fn tls(word: &str) -> Result<ServerTls, String> {
    let found = ServerTls::NAMES.iter().find(|(name, _)| *name == word);
    let found = found.map(|(_, tls)| *tls);
    found.ok_or_else(|| "it is `verify-full`, `require` or `off`".to_owned())
}

/// Keys of config, for which there are options here: the config is still to be made.
const OPTIONS: [(&str, &str); 7] = [
    ("`password_file:`", "`--password-file`"),
    ("`password_file`", "`--password-file`"),
    ("`schema:`", "`--schema`"),
    ("`ca_file:`", "`--ca-file`"),
    ("`ca_file`", "`--ca-file`"),
    ("`tls: off`", "`--tls off`"),
    ("`tls:`", "`--tls`"),
];

/// What is wrong with a server, by the options of the command line.
pub(super) fn by_options(words: &str) -> String {
    let replaced = |words: String, (key, option): &(&str, &str)| words.replace(key, option);
    OPTIONS.iter().fold(words.to_owned(), replaced)
}
