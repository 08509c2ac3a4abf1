//! A schedule that neither evaluates nor mails.

use super::ConfigFile;
use crate::diagnostic::{Code, Finding};

pub(super) fn find(file: &ConfigFile<'_>) -> Vec<Finding> {
    let schedules = file.config.schedules.iter();
    let idle = schedules.filter(|schedule| !schedule.runs && schedule.reports.is_empty());
    let found = idle.map(|schedule| {
        let message = format!("`{}` neither evaluates nor mails", schedule.id.value);
        Finding::new(Code::IdleSchedule, message)
            .at(schedule.id.location)
            .help("give it `reports:`, or leave out `run: none`")
    });
    found.collect()
}
