//! Stable samples: the draw depends only on the key and the sample's name, never on order, machine or version.

use crate::engine::column::Column;
use crate::engine::vector::rows;
use crate::value::Truth;

/// Whether each key is in the sample with this share and name.
pub(super) fn sample(keys: &Column, share: &Column, name: &Column) -> Column {
    let (keys, names, shares) = (keys.texts(), name.texts(), share.numbers());
    let count = rows([keys.len(), names.len(), shares.len()]);
    let share = |row: usize| match shares {
        [share] => Some(share),
        shares => shares.get(row),
    };
    Column::Truth(
        (0..count)
            .map(|row| match (keys.get(row), names.get(row), share(row)) {
                (Some(key), Some(name), Some(share)) => Truth::certain(drawn(name, key) < *share),
                _ => Truth::Unknown,
            })
            .collect(),
    )
}

/// A value from 0 to below 1, evenly distributed: 64-bit FNV-1a over the name, a zero byte and the key in UTF-8, mixed
/// as in SplitMix64; the upper 53 bits are used. The language reference guarantees this.
fn drawn(name: &str, key: &str) -> f64 {
    let bytes = name.bytes().chain([0]).chain(key.bytes());
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let mixed = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    let mixed = mixed ^ (mixed >> 31);
    (mixed >> 11) as f64 / (1_u64 << 53) as f64
}
