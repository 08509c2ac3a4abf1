//! What the environment of a machine says in place of config.

use super::Config;
use crate::decode::{Environment, Reader};
use crate::diagnostic::{Code, Finding};
use crate::source::Location;

/// A key of config that an environment variable takes precedence over.
pub(super) struct Instead<T> {
    pub(super) variable: &'static str,
    pub(super) key: &'static str,
    pub(super) read: fn(&str) -> Option<T>,
    /// What it may be.
    pub(super) expected: &'static str,
}

impl<T> Instead<T> {
    /// What the variable says; none where it is not set, or cannot be what it is, which is reported.
    pub(super) fn said(
        &self,
        config: &Config,
        env: Environment<'_>,
        reader: &mut Reader<'_>,
    ) -> Option<T> {
        let said = env(self.variable)?;
        let said = said.trim();
        if said.is_empty() {
            return None;
        }
        let read = (self.read)(said);
        if read.is_none() {
            let Self {
                variable,
                key,
                expected,
                ..
            } = self;
            let message =
                format!("the environment variable `{variable}` is `{said}`, which it cannot be");
            let help = format!("give {expected}, or unset it to let `{key}:` of this file decide");
            let head = Location {
                file: config.file,
                start: 0,
                end: 0,
            };
            let finding = Finding::new(Code::InvalidValue, message);
            reader.report(finding.at(head).help(help));
        }
        read
    }
}
