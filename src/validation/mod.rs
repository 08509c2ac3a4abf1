//! Validation of a score: ranks, deciles, intervals, fits. Pure: numbers in, numbers out.
//!
//! [`prove`] compares a score with the customers' outcomes; [`suggest`] tests whether other weights would have done
//! better on dates that they were not fitted on; [`draw`] draws a chart of a proof.
//!
//! | step | source |
//! | --- | --- |
//! | AUC | Hanley & McNeil 1982, *Radiology* 143: the Wilcoxon (Mann–Whitney) statistic |
//! | interval of an AUC | Efron 1979, *Annals of Statistics* 7: the bootstrap; by subject, as Field & Welsh 2007 do with clusters |
//! | interval of a share | Wilson 1927, *Journal of the American Statistical Association* 22 |
//! | weights | logistic regression (Cox 1958), fitted by `smartcore` |

mod auc;
mod bands;
mod bootstrap;
mod deciles;
mod fit;
mod proof;
mod random;
mod score;
mod suggest;
mod svg;

pub use auc::{Ordered, auc};
pub use bands::{Band, bands, wilson};
pub use bootstrap::{Difference, Interval, REPLICATES, Resampled, resample};
pub use deciles::{Decile, deciles};
pub use fit::{Fitted, Unfit, fit};
pub use proof::{Contest, DateProof, Judged, Proof, prove};
pub use random::SplitMix64;
pub use score::{Past, score};
pub use suggest::{Dropped, NoSuggestion, Suggestion, split, suggest};
pub use svg::draw;
