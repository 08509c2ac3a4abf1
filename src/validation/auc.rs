//! The AUC: how often a customer who left looked worse than one who stayed.

/// The customers of one date, sorted by a measure of risk, so that any reweighting of them can be evaluated in one
/// pass.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ordered {
    /// From the least risk to the greatest; among equal risks, those who stayed come first.
    subjects: Vec<u32>,
    runs: Vec<Run>,
    /// The number of distinct risks.
    risks: usize,
}

/// The numbers of customers in one stretch of the order.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Run {
    /// Customers who stayed, with less risk than those who left.
    below: u32,
    /// Customers who stayed, with the same risk; if there are any, all who left in this stretch have one risk.
    tied: u32,
    /// Customers who left.
    lost: u32,
}

impl Ordered {
    /// Sorts customers. The three lists are parallel; a customer without a risk is in no pair.
    pub fn new(subjects: &[u32], lost: &[bool], risks: &[Option<f64>]) -> Self {
        let customers = subjects.iter().zip(lost).zip(risks);
        let mut known: Vec<(f64, u32, bool)> = customers
            .filter_map(|((subject, lost), risk)| Some(((*risk)?, *subject, *lost)))
            .collect();
        known.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut ordered = Self::default();
        for alike in known.chunk_by(|a, b| a.0 == b.0) {
            ordered.append(alike);
        }
        ordered
    }

    /// Appends customers with the same risk, which is greater than that of all before.
    fn append(&mut self, alike: &[(f64, u32, bool)]) {
        self.risks += 1;
        let [stayed, lost] = [false, true].map(|lost| {
            let those = alike.iter().filter(|customer| customer.2 == lost);
            let before = self.subjects.len();
            self.subjects.extend(those.map(|customer| customer.1));
            u32::try_from(self.subjects.len() - before).unwrap_or(u32::MAX)
        });
        match self.runs.last_mut() {
            Some(run) if run.lost == 0 && lost == 0 => run.below += stayed,
            Some(run) if run.lost == 0 => (run.tied, run.lost) = (stayed, lost),
            Some(run) if run.tied == 0 && stayed == 0 => run.lost += lost,
            _ => self.runs.push(match lost {
                0 => Run {
                    below: stayed,
                    ..Run::default()
                },
                lost => Run {
                    below: 0,
                    tied: stayed,
                    lost,
                },
            }),
        }
    }

    /// The number of customers with a risk.
    pub fn len(&self) -> usize {
        self.subjects.len()
    }

    /// True if no customer has a risk.
    pub fn is_empty(&self) -> bool {
        self.subjects.is_empty()
    }

    /// True if all risks are equal.
    pub fn all_tied(&self) -> bool {
        self.risks == 1
    }

    /// Counts pairs of one who left and one who stayed, in several draws at once: in how many the one who left had the
    /// higher risk (a tie is half a pair), and how many pairs there are. `times` says how often each draw contains a
    /// subject.
    fn pairs<const DRAWS: usize>(
        &self,
        times: &impl Fn(u32) -> [u32; DRAWS],
    ) -> [(f64, f64); DRAWS] {
        let mut rest = self.subjects.as_slice();
        let mut next = |count: u32| {
            let (those, others) = rest.split_at_checked(count as usize).unwrap_or_default();
            rest = others;
            let mut sum = [0; DRAWS];
            those
                .iter()
                .for_each(|subject| add(&mut sum, &times(*subject)));
            sum
        };
        let (mut lost, mut stayed) = ([0; DRAWS], [0; DRAWS]);
        let mut twice = [0_u64; DRAWS];
        for run in &self.runs {
            add(&mut stayed, &next(run.below));
            let mut until = stayed;
            add(&mut until, &next(run.tied));
            let left = next(run.lost);
            for (((twice, left), before), until) in
                twice.iter_mut().zip(&left).zip(&stayed).zip(&until)
            {
                // No date has so many customers that twice their number would overflow.
                *twice += u64::from(*left) * u64::from(before + until);
            }
            add(&mut lost, &left);
            stayed = until;
        }
        let mut pairs = [(0.0, 0.0); DRAWS];
        for (((pairs, twice), lost), stayed) in pairs.iter_mut().zip(twice).zip(lost).zip(stayed) {
            *pairs = (twice as f64 / 2.0, f64::from(lost) * f64::from(stayed));
        }
        pairs
    }
}

/// Adds element-wise, per draw.
#[inline]
fn add<const DRAWS: usize>(sums: &mut [u32; DRAWS], more: &[u32; DRAWS]) {
    for (sum, more) in sums.iter_mut().zip(more) {
        *sum += more;
    }
}

/// The area under the ROC curve of a measure of risk over several dates, 0 to 1; `None` if no date has both one who
/// left and one who stayed.
///
/// It is the share of pairs, one who left and one who stayed on the same date, in which the one who left had the higher
/// risk, a tie counting half: the Mann–Whitney U over the number of pairs, which is the AUC (Hanley & McNeil 1982;
/// Bamber 1975 for ties). Customers of different dates are never compared.
pub fn auc(dates: &[Ordered]) -> Option<f64> {
    let [only] = auc_of_draws(dates, |_| [1]);
    only
}

/// [`auc`] of several draws; `times` says how often each draw contains a subject. All sums are whole numbers, so their
/// order does not matter.
pub(super) fn auc_of_draws<const DRAWS: usize>(
    dates: &[Ordered],
    times: impl Fn(u32) -> [u32; DRAWS],
) -> [Option<f64>; DRAWS] {
    let mut sums = [(0.0, 0.0); DRAWS];
    for date in dates {
        for (sum, (favourable, all)) in sums.iter_mut().zip(date.pairs(&times)) {
            *sum = (sum.0 + favourable, sum.1 + all);
        }
    }
    sums.map(|(favourable, all)| (all > 0.0).then(|| favourable / all))
}
