//! Schedules with both days of the month and days of the week: a run happens if either matches, which few expect.

use super::ConfigFile;
use crate::diagnostic::{Code, Finding};
use crate::schedule::either_day;

pub(super) fn find(file: &ConfigFile<'_>) -> Vec<Finding> {
    let found = file.config.schedules.iter().filter_map(|schedule| {
        let either = either_day(&schedule.cron.value)?;
        let message = format!("`{}` is due {}", schedule.id.value, either.words);
        let help = format!(
            "for days that fit both write `{}`; `mon#1` as the day of the week is the first Monday of a \
             month; where either is meant, make it two schedules",
            either.both
        );
        let place = schedule.cron.locate(either.place, file.sources);
        Some(Finding::new(Code::EitherDay, message).at(place).help(help))
    });
    found.collect()
}
