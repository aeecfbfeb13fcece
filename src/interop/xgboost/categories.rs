//! The categories of a model of XGBoost. From version 3.1 on a file may have their names; before, they are numbers.

use super::raw::RawTree;
use crate::error::{Result, quote};
use crate::interop::document::{Data, unsupported, whole, wrong};
use crate::interop::labels::{Bits, NumberedLabels, check_categories};
use crate::interop::model::ForeignValues;
use crate::interop::options::ImportOptions;
use crate::model::Rule;
use crate::note::{Note, codes};

/// Per feature its categories; `None` of numbers.
pub(super) struct Categories {
    labels: Vec<Option<NumberedLabels>>,
    are_named: bool,
}

impl Categories {
    /// The categories that the file names, those that are given, or as many as the trees speak of. `names` has the features'.
    pub(super) fn of(
        model: &Data<'_>,
        trees: &[RawTree<'_>],
        names: &[String],
        options: &ImportOptions,
    ) -> Result<Self> {
        let n_features = names.len();
        let mut are_categories: Vec<Option<bool>> = vec![None; n_features];
        let mut n_categories = vec![0; n_features];
        for (feature, set) in trees.iter().flat_map(RawTree::looks) {
            let Some(known) = are_categories.get_mut(feature) else {
                return Err(wrong(format!("split_indices: there is no feature {feature}")));
            };
            if known.replace(set.is_some()).is_some_and(|before| before != set.is_some()) {
                return Err(wrong(format!("feature {feature} is a number in one tree, and a category in another")));
            }
            let largest = set.unwrap_or_default().iter().copied().max();
            n_categories[feature] = n_categories[feature].max(largest.map_or(0, |largest| largest.saturating_add(1)));
        }
        let named = named(model, n_features)?;
        let are_named = named.is_some();
        let labels = |feature: usize| {
            let of_file = named.as_ref().and_then(|named| named[feature].clone());
            let n = n_categories[feature];
            let n_of_file = of_file.as_ref().map_or(0, |labels| labels.labels.len());
            check_categories(n.max(n_of_file), &feature.to_string())?;
            match (of_file, are_categories[feature]) {
                (Some(_), Some(false)) => {
                    Err(wrong(format!("feature {feature} has categories, and is split as a number")))
                }
                (Some(labels), _) if labels.labels.len() < n => Err(wrong(format!(
                    "feature {feature} has {} categories, and a split has more",
                    labels.labels.len()
                ))),
                (Some(labels), _) => Ok(Some(labels)),
                (None, Some(true)) => match options.categories_of(&names[feature], n)? {
                    Some(given) => Ok(Some(given)),
                    None => NumberedLabels::numbers(n.max(1)).map(Some),
                },
                (None, _) => Ok(None),
            }
        };
        Ok(Self { labels: (0..n_features).map(labels).collect::<Result<_>>()?, are_named })
    }

    /// The rule of a node whose categories in `right` go right. All others go left, one that no tree speaks of too: it stands
    /// behind the last.
    pub(super) fn rule(&self, feature: usize, right: &[usize]) -> Rule {
        let Some(Some(labels)) = self.labels.get(feature) else {
            return Rule::OneOf { n_categories: 0, set: Vec::new() };
        };
        let n_categories = labels.labels.len() + 1;
        let mut bits = Bits::new(n_categories);
        (0..n_categories).for_each(|position| bits.set(position, true));
        for category in right {
            if let Some(position) = labels.position(*category) {
                bits.set(position, false);
            }
        }
        Rule::OneOf { n_categories, set: bits.into_words() }
    }

    /// What values each feature has.
    pub(super) fn into_values(self, notes: &mut Vec<Note>, names: &[String]) -> Vec<ForeignValues> {
        let are_named = self.are_named;
        let value = |(labels, name): (Option<NumberedLabels>, &String)| match labels {
            None => ForeignValues::Number { zero_is_missing: false, accepts_missing: true, hints: Vec::new() },
            Some(labels) => {
                // XGBoost refuses a text that it does not know, and takes any number.
                let accepts_unseen = labels.labels.as_text().is_none();
                if !are_named && accepts_unseen {
                    notes.push(Note::new(codes::NUMBERED_CATEGORIES, [name.as_str().into()]));
                }
                ForeignValues::Category { labels, accepts_unseen, accepts_missing: true }
            }
        };
        self.labels.into_iter().zip(names).map(value).collect()
    }
}

/// The names of the categories of each feature, if the file has any.
fn named(model: &Data<'_>, n_features: usize) -> Result<Option<Vec<Option<NumberedLabels>>>> {
    let Some(cats) = model.get("cats") else { return Ok(None) };
    let features = cats.list("enc")?;
    if features.is_empty() {
        return Ok(None);
    }
    if features.len() != n_features {
        return Err(wrong(format!("cats: expected {n_features} features, found {}", features.len())));
    }
    features.iter().map(of_feature).collect::<Result<_>>().map(Some)
}

/// The names of one feature's categories: texts one behind the other with where each begins, or numbers.
fn of_feature(feature: &Data<'_>) -> Result<Option<NumberedLabels>> {
    let values = feature.numbers("values")?;
    if feature.get("offsets").is_none() {
        return if values.is_empty() { Ok(None) } else { NumberedLabels::values(&values).map(Some) };
    }
    let ends = feature.numbers("offsets")?;
    if ends.len() < 2 {
        return Ok(None);
    }
    let text = |pair: &[f64]| {
        let (begin, end) = (whole(pair[0])?, whole(pair[1])?);
        let bytes = values.get(begin..end)?.iter().map(|byte| (*byte as i64) as u8);
        Some(bytes.map(char::from).collect::<String>())
    };
    let texts: Option<Vec<String>> = ends.windows(2).map(text).collect();
    let texts = texts.ok_or_else(|| wrong("cats: the texts of categories are not in the file"))?;
    // XGBoost 3.1 and 3.2 count characters where they mean bytes, so such texts are cut, or another's.
    match texts.iter().find(|text| !text.is_ascii()) {
        Some(text) => Err(unsupported(
            "XGBoost",
            &format!(
                "the category {}, and its files keep no letters beyond ASCII whole; name the categories in ASCII, or give their \
             numbers to XGBoost",
                quote(text)
            ),
        )),
        None => NumberedLabels::texts(&texts).map(Some),
    }
}
