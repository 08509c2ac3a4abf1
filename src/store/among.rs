//! The scope of a client list: all clients, or the members of some segments.

/// A selection of clients by segment membership; all clients by default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Among {
    /// Segment ids, each once.
    segments: Vec<String>,
    how: Match,
}

/// How several segments are combined.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Match {
    /// Members of all the segments.
    #[default]
    All,
    /// Members of at least one of the segments.
    Any,
    /// Members of none of the segments.
    None,
}

impl Among {
    /// The members of these segments; all clients if there are none.
    pub fn new(segments: impl IntoIterator<Item = String>, how: Match) -> Self {
        let mut own: Vec<String> = Vec::new();
        for id in segments {
            if !own.contains(&id) {
                own.push(id);
            }
        }
        Self { segments: own, how }
    }

    /// The members of one segment; all clients for `None`.
    pub fn one(segment: Option<&str>) -> Self {
        Self::new(segment.map(str::to_owned), Match::All)
    }

    /// The ids of the segments, each once.
    pub fn segments(&self) -> &[String] {
        &self.segments
    }

    /// How the segments are combined.
    pub fn how(&self) -> Match {
        self.how
    }

    /// Whether the selection is the members of one segment, so that each member has an entry time.
    pub fn is_of_one(&self) -> bool {
        self.how != Match::None && self.segments.len() == 1
    }

    /// The selection in words; `None` for all clients. `name` returns the name of a segment.
    pub fn words(&self, name: impl Fn(&str) -> String) -> Option<String> {
        let names: Vec<String> = self.segments.iter().map(|id| name(id)).collect();
        let joined = |word: &str| names.join(&format!(" {word} "));
        Some(match (self.how, names.as_slice()) {
            (_, []) => return None,
            (Match::None, _) => format!("not in {}", joined("or")),
            (_, [one]) => one.clone(),
            (Match::All, _) => joined("and"),
            (Match::Any, _) => joined("or"),
        })
    }

    /// SQL for the selected rows of `muster_scores`, with `entered_at` if there is one segment; `?1` is a JSON list of
    /// the ids.
    pub(super) fn rows(&self) -> String {
        match self.is_of_one() {
            true => "select scores.*, m.entered_at from muster_memberships m
                 join muster_scores scores on scores.subject_key = m.subject_key
                 where m.segment_id = ?1 ->> 0"
                .to_owned(),
            false => format!(
                "select scores.*, null as entered_at from muster_scores scores where {}",
                self.condition()
            ),
        }
    }

    /// The SQL condition for a selected row of the table aliased as `scores`; `?1` is a JSON list of the ids.
    pub(super) fn condition(&self) -> &'static str {
        let several = self.segments.len() > 1;
        match self.how {
            _ if self.segments.is_empty() => "?1 is ?1",
            Match::All if several => {
                "scores.subject_key in (
                     select m.subject_key from json_each(?1) wanted
                     cross join muster_memberships m on m.segment_id = wanted.value
                     group by m.subject_key having count(*) = json_array_length(?1))"
            }
            Match::All | Match::Any => {
                "scores.subject_key in (
                     select m.subject_key from json_each(?1) wanted
                     cross join muster_memberships m on m.segment_id = wanted.value)"
            }
            Match::None => {
                "scores.subject_key not in (
                     select m.subject_key from json_each(?1) wanted
                     cross join muster_memberships m on m.segment_id = wanted.value)"
            }
        }
    }
}
