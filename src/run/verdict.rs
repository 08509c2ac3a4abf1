//! Whether a run may be published.

use super::Options;
use crate::store::Run;
use crate::time::Clock;

/// What is done with a run that was evaluated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Its memberships become the published ones.
    Publish,
    /// Its numbers are written, and its memberships are not.
    Backfill,
    /// It is shown and not written; the reason, where that was not asked for.
    Show(Option<String>),
    /// It is shown, and recorded as failed for this reason.
    Refuse(String),
}

/// Decides by the instants of the run, of the newest published one and of the wall clock
/// (`present`, microseconds).
pub(super) fn verdict(
    options: &Options,
    clock: Clock,
    newest: Option<&Run>,
    subjects: usize,
    present: i64,
) -> Verdict {
    if options.dry_run {
        return Verdict::Show(None);
    }
    if clock.now > present {
        return Verdict::Show(Some(
            "not published: the instant lies ahead of the clock".into(),
        ));
    }
    let Some(newest) = newest else {
        return Verdict::Publish;
    };
    // A run that lies ahead was published while the clock was wrong: it must not block for years.
    if clock.now < newest.as_of && newest.as_of <= present {
        return if options.publish {
            Verdict::Backfill
        } else {
            Verdict::Show(Some(
                "not published: a newer instant is published already; \
                 `--publish` adds this one's numbers to the history"
                    .into(),
            ))
        };
    }
    if subjects == 0 && newest.subjects > 0 && !options.publish {
        return Verdict::Refuse(format!(
            "not published: nobody is left, and the last run had {}; \
             if that is right, publish it with `--publish`",
            newest.subjects
        ));
    }
    Verdict::Publish
}

impl Verdict {
    /// Why nothing was published, where that was not asked for.
    pub(super) fn reason(&self) -> Option<String> {
        match self {
            Self::Publish | Self::Backfill | Self::Show(None) => None,
            Self::Show(Some(reason)) | Self::Refuse(reason) => Some(reason.clone()),
        }
    }
}
