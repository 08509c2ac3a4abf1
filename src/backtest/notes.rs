//! Notes on how the data was read, in sentences.

use crate::engine::TooLarge;

/// A table is read again for each date, and what to do about that.
pub(super) fn too_large(table: &TooLarge) -> String {
    let TooLarge { table, bytes, most } = table;
    let (bytes, most) = (size(*bytes), size(*most));
    format!(
        "the columns of `{table}` do not fit into memory: they would take about {bytes}, and `memory:` in config (or \
         `MUSTER_MEMORY`) allows {most} for all tables together, and other tables take some of it; until it is raised, the table is \
         read again for each date, which only takes longer"
    )
}

/// A number of bytes, for display.
fn size(bytes: u64) -> String {
    const MEGA: u64 = 1_000_000;
    match bytes {
        0..MEGA => format!("{} KB", bytes.div_ceil(1_000)),
        MEGA..1_000_000_000 => format!("{} MB", bytes.div_ceil(MEGA)),
        _ => format!(
            "{}.{} GB",
            bytes / (1_000 * MEGA),
            bytes / (100 * MEGA) % 10
        ),
    }
}
