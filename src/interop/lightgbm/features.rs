//! The inputs of a model of LightGBM: numbers, numbers whose zeros are missing, and categories.

use super::file::{File, MissingKind, Question};
use crate::error::{Result, quote};
use crate::interop::document::{unsupported, wrong};
use crate::interop::labels::{Bits, NumberedLabels, check_categories, sorted};
use crate::interop::model::ForeignValues;
use crate::interop::options::ImportOptions;
use crate::interop::tool::LIGHTGBM;
use crate::model::Rule;
use crate::note::{Note, codes};
use crate::preprocess::ZERO;

/// What to do where it is not sure whose categories a file lists.
const ORDERED: &str = "give all categories to the fit as unordered ones of pandas, or all as whole numbers";

pub(super) struct Features {
    kinds: Vec<Kind>,
    /// Whether the file has the names of categories.
    are_named: bool,
    /// The names of the features.
    names: Vec<String>,
}

#[derive(Clone)]
enum Kind {
    Number { zero_is_missing: bool },
    Category(NumberedLabels),
}

impl Features {
    pub(super) fn of(file: &File, options: &ImportOptions) -> Result<Self> {
        let asked = Asked::of(file)?;
        let names = options.names(file.names.iter().map(|name| Some(name.as_str())));
        let is_category = |at: usize| match &file.categorical {
            Some(columns) => columns.binary_search(&at).is_ok() || asked[at].sets.is_some(),
            None => file.seen[at].is_some() || asked[at].sets.is_some(),
        };
        let categorical: Vec<usize> = (0..file.names.len()).filter(|at| is_category(*at)).collect();
        if !file.pandas.is_empty() && file.pandas.len() != categorical.len() {
            let (named, found) = (file.pandas.len(), categorical.len());
            let message = "pandas_categorical has the categories of so many columns, and others have some";
            return Err(unsupported(
                LIGHTGBM,
                &format!(
                    "categories of pandas that are not all features of categories ({message}: {named} and {found}); {ORDERED}"
                ),
            ));
        }
        // An ordered column of pandas is a number to LightGBM, and still listed.
        let could_be = |info: &(f64, f64), n: usize| info.0 <= 0.0 && info.0 >= -1.0 && info.1 == n as f64 - 1.0;
        let is_doubtful = |at: usize| {
            let range = file.ranges[at].filter(|_| categorical.binary_search(&at).is_err());
            range.is_some_and(|range| file.pandas.iter().any(|named| could_be(&range, named.labels.len())))
        };
        if let Some(at) = (0..file.names.len()).find(|at| is_doubtful(*at)) {
            let name = quote(&file.names[at]);
            return Err(unsupported(
                LIGHTGBM,
                &format!("categories of pandas that may be those of the number {name}; {ORDERED}"),
            ));
        }
        let kind = |(at, asked): (usize, &Asked)| {
            let Ok(place) = categorical.binary_search(&at) else {
                return Ok(Kind::Number { zero_is_missing: asked.missing == Some(MissingKind::Zero) });
            };
            if asked.missing.is_some() {
                let name = quote(&file.names[at]);
                return Err(wrong(format!("the feature {name} is a category, and is split as a number")));
            }
            let largest = file.seen[at].iter().flatten().chain(asked.sets.iter().flatten()).max();
            let n_known = largest.map_or(0, |largest| largest.saturating_add(1));
            let given = match file.pandas.get(place) {
                Some(_) => None,
                None => options.categories_of(&names[at], n_known)?,
            };
            let labels = match (file.pandas.get(place), given) {
                (Some(named), _) => named.clone(),
                (None, Some(given)) => given,
                (None, None) => {
                    let seen = file.seen[at].iter().flatten().chain(asked.sets.iter().flatten());
                    let numbers = sorted(&mut seen.map(|number| *number as f64));
                    NumberedLabels::own(if numbers.is_empty() { vec![0.0] } else { numbers })?
                }
            };
            check_categories(labels.labels.len(), &quote(&file.names[at]))?;
            if file.pandas.get(place).is_some() && n_known > labels.labels.len() {
                let name = quote(&file.names[at]);
                return Err(wrong(format!("pandas_categorical has too few categories for {name}; {ORDERED}")));
            }
            Ok(Kind::Category(labels))
        };
        let kinds = asked.iter().enumerate().map(kind).collect::<Result<_>>()?;
        Ok(Self { kinds, are_named: !file.pandas.is_empty(), names })
    }

    /// The rule of a question, and whether a missing value goes left.
    pub(super) fn rule(&self, feature: usize, question: &Question) -> Result<(Rule, bool)> {
        match (question, &self.kinds[feature]) {
            (Question::AtMost { threshold, default_left, missing }, _) => {
                if threshold.is_nan() {
                    return Err(wrong("a threshold is not known"));
                }
                let missing_left = match missing {
                    MissingKind::None => 0.0 <= *threshold,
                    MissingKind::Zero | MissingKind::NaN => *default_left,
                };
                Ok((Rule::AtMost(beside_zero(*threshold).min(f64::MAX)), missing_left))
            }
            (Question::OneOf(set), Kind::Category(labels)) => {
                let n_categories = labels.labels.len();
                let mut bits = Bits::new(n_categories);
                set.iter().filter_map(|number| labels.position(*number)).for_each(|position| bits.set(position, true));
                Ok((Rule::OneOf { n_categories, set: bits.into_words() }, false))
            }
            (Question::OneOf(_), Kind::Number { .. }) => Err(wrong("a number is split as a category")),
        }
    }

    /// Refuses a feature that the weighted sum of a leaf cannot have.
    pub(super) fn check_term(&self, feature: usize) -> Result<()> {
        match self.kinds.get(feature) {
            Some(Kind::Number { zero_is_missing: false }) => Ok(()),
            Some(Kind::Number { .. }) => Err(unsupported(LIGHTGBM, "linear leaves with zeros that are missing")),
            Some(Kind::Category(_)) => Err(wrong("leaf_features: a linear leaf has a category")),
            None => Err(wrong(format!("leaf_features: there is no feature {feature}"))),
        }
    }

    pub(super) fn into_values(self, notes: &mut Vec<Note>) -> Vec<ForeignValues> {
        let are_named = self.are_named;
        let value = |(kind, name): (Kind, &String)| match kind {
            Kind::Number { zero_is_missing } => {
                ForeignValues::Number { zero_is_missing, accepts_missing: true, hints: Vec::new() }
            }
            Kind::Category(labels) => {
                if !are_named && labels.labels.as_text().is_none() {
                    notes.push(Note::new(codes::NUMBERED_CATEGORIES, [name.as_str().into()]));
                }
                ForeignValues::Category { labels, accepts_unseen: true, accepts_missing: true }
            }
        };
        self.kinds.into_iter().zip(&self.names).map(value).collect()
    }
}

/// A threshold between the numbers that LightGBM takes for 0 before it looks at them: they are all on the side of 0.
fn beside_zero(threshold: f64) -> f64 {
    match threshold {
        0.0..ZERO => ZERO,
        _ if (-ZERO..0.0).contains(&threshold) => (-ZERO).next_down(),
        _ => threshold,
    }
}

/// What the trees ask of a feature.
#[derive(Clone, Default)]
struct Asked {
    /// What they take for missing, where they ask for a number.
    missing: Option<MissingKind>,
    /// The categories that they name.
    sets: Option<Vec<usize>>,
}

impl Asked {
    fn of(file: &File) -> Result<Vec<Self>> {
        let mut all = vec![Self::default(); file.names.len()];
        for split in file.trees.iter().flat_map(|tree| &tree.splits) {
            let Some(asked) = all.get_mut(split.feature) else {
                return Err(wrong(format!("split_feature: there is no feature {}", split.feature)));
            };
            match &split.question {
                Question::OneOf(set) => asked.sets.get_or_insert_default().extend(set),
                Question::AtMost { missing, .. } => match asked.missing.replace(*missing) {
                    Some(before) if before != *missing && [before, *missing].contains(&MissingKind::Zero) => {
                        let name = quote(&file.names[split.feature]);
                        return Err(unsupported(
                            LIGHTGBM,
                            &format!("zeros of {name} that are missing in some trees only"),
                        ));
                    }
                    _ => {}
                },
            }
        }
        Ok(all)
    }
}
