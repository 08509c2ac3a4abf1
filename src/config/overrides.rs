//! Keys of config that the environment of a machine overrides.

use super::Config;
use crate::decode::{Environment, Reader};
use crate::diagnostic::{Code, Finding};
use crate::source::Location;

/// An environment variable that takes precedence over a key of config.
pub(super) struct Override<T> {
    pub(super) variable: &'static str,
    pub(super) key: &'static str,
    pub(super) read: fn(&str) -> Option<T>,
    /// What it may be.
    pub(super) expected: &'static str,
}

impl<T> Override<T> {
    /// The variable's value; none where it is not set, or has no valid value, which is reported.
    pub(super) fn value(
        &self,
        config: &Config,
        env: Environment<'_>,
        reader: &mut Reader<'_>,
    ) -> Option<T> {
        let text = env(self.variable)?;
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let value = (self.read)(text);
        if value.is_none() {
            let Self {
                variable,
                key,
                expected,
                ..
            } = self;
            let message =
                format!("the environment variable `{variable}` is `{text}`, which it cannot be");
            let help = format!("give {expected}, or unset it to let `{key}:` of this file decide");
            let head = Location {
                file: config.file,
                start: 0,
                end: 0,
            };
            let finding = Finding::new(Code::InvalidValue, message);
            reader.report(finding.at(head).help(help));
        }
        value
    }
}
