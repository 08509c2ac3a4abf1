//! Keys of config that the environment of a machine overrides.

use crate::decode::{Environment, Reader};
use crate::diagnostic::{Code, Finding};

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
    pub(super) fn value(&self, env: Environment<'_>, reader: &mut Reader<'_>) -> Option<T> {
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
                format!("the environment variable `{variable}` must be {expected}, not `{text}`");
            let help =
                format!("set it to {expected}, or unset it to let `{key}:` of config decide");
            // No file is wrong.
            reader.report(Finding::new(Code::InvalidValue, message).help(help));
        }
        value
    }
}
