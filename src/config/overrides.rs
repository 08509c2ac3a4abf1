//! Keys of config that a machine's environment overrides.

use crate::decode::{Environment, Reader};
use crate::diagnostic::{Code, Finding};

/// An environment variable that takes precedence over a key of config.
pub(super) struct Override<T> {
    pub(super) variable: &'static str,
    pub(super) key: &'static str,
    pub(super) read: fn(&str) -> Option<T>,
    /// The values that it accepts.
    pub(super) expected: &'static str,
}

impl<T> Override<T> {
    /// The variable's value; `None` if it is not set, or if its value is invalid, which is reported.
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
            // The mistake is not in a file.
            reader.report(Finding::new(Code::InvalidValue, message).help(help));
        }
        value
    }
}
