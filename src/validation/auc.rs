//! How often the one who left looked worse than the one who stayed.

/// The customers of one date in the order of a measure of risk, so that any reweighting of them can be
/// judged in one pass.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ordered {
    /// From the least risk to the most.
    steps: Vec<Step>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Step {
    subject: u32,
    lost: bool,
    /// No other customer after it has the same risk.
    ends_tie: bool,
}

impl Ordered {
    /// Puts customers in order. The three lists are parallel; who has no risk is in no pair.
    pub fn new(subjects: &[u32], lost: &[bool], risks: &[Option<f64>]) -> Self {
        let customers = subjects.iter().zip(lost).zip(risks);
        let mut known: Vec<(f64, u32, bool)> = customers
            .filter_map(|((subject, lost), risk)| Some(((*risk)?, *subject, *lost)))
            .collect();
        known.sort_by(|a, b| a.0.total_cmp(&b.0));
        let next = known.iter().skip(1).map(|next| Some(next.0));
        let next: Vec<Option<f64>> = next.chain([None]).collect();
        let steps = known
            .into_iter()
            .zip(next)
            .map(|((risk, subject, lost), next)| Step {
                subject,
                lost,
                ends_tie: next != Some(risk),
            });
        Self {
            steps: steps.collect(),
        }
    }

    /// How many customers have a risk.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// True where nobody has a risk.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// True where all risks are one.
    pub fn all_tied(&self) -> bool {
        let ends = self.steps.iter().filter(|step| step.ends_tie).count();
        ends == 1
    }

    /// Pairs of one who left and one who stayed: in how many the one who left had the higher risk (a
    /// tie is half a pair), and how many there are. `weight` says how often a subject counts.
    pub fn pairs(&self, weight: impl Fn(u32) -> f64) -> (f64, f64) {
        let (mut favourable, mut lost, mut stayed) = (0.0, 0.0, 0.0);
        let (mut tied_lost, mut tied_stayed) = (0.0, 0.0);
        for step in &self.steps {
            let times = weight(step.subject);
            match step.lost {
                true => tied_lost += times,
                false => tied_stayed += times,
            }
            if step.ends_tie {
                favourable += tied_lost * (stayed + 0.5 * tied_stayed);
                lost += tied_lost;
                stayed += tied_stayed;
                (tied_lost, tied_stayed) = (0.0, 0.0);
            }
        }
        (favourable, lost * stayed)
    }
}

/// The area under the ROC curve of a measure of risk over several dates, 0 to 1; none where no date has
/// both one who left and one who stayed.
///
/// It is the share of pairs, one who left and one who stayed on the same date, in which the one who left
/// had the higher risk, a tie counting half: the Mann–Whitney U over the number of pairs, which is the
/// AUC (Hanley & McNeil 1982; Bamber 1975 for ties). Customers of different dates are never compared.
pub fn auc(dates: &[Ordered]) -> Option<f64> {
    weighted(dates, |_| 1.0)
}

/// [`auc`] where a subject counts as often as `weight` says.
pub(super) fn weighted(dates: &[Ordered], weight: impl Fn(u32) -> f64) -> Option<f64> {
    let pairs = dates.iter().map(|date| date.pairs(&weight));
    let (favourable, all) = pairs.fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0, sum.1 + pair.1));
    (all > 0.0).then(|| favourable / all)
}
