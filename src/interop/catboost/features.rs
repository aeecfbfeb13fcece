//! The inputs of a model of CatBoost: numbers, and categories that splits compare by their hashes.

use crate::error::{Result, quote};
use crate::interop::document::{Data, unsupported, wrong};
use crate::interop::labels::{Bits, NumberedLabels, check_categories, sorted};
use crate::interop::model::ForeignValues;
use crate::interop::single::last_below;
use crate::interop::tool::CATBOOST;
use crate::limits;
use crate::model::Rule;
use std::collections::HashMap;

pub(super) struct Features {
    inputs: Vec<Input>,
    /// The columns of the numbers and of the categories, as splits count them.
    numbers: Vec<usize>,
    categories: Vec<usize>,
}

#[derive(Clone, Default)]
struct Input {
    is_there: bool,
    name: Option<String>,
    /// Whether a missing value is above every border.
    missing_is_above: bool,
    /// Of a category the hashes that splits know, and their texts.
    known: Option<(Vec<u32>, NumberedLabels)>,
}

impl Features {
    pub(super) fn of(info: &Data<'_>) -> Result<Self> {
        for (list, what) in [("text_features", "features of texts"), ("embedding_features", "features of embeddings")] {
            if info.get(list).is_some() && !info.list(list)?.is_empty() {
                return Err(unsupported(CATBOOST, what));
            }
        }
        let list = |name: &str| if info.get(name).is_some() { info.list(name) } else { Ok(&[][..]) };
        let (numbers, categories) = (list("float_features")?, list("categorical_features")?);
        let mut features = Self { inputs: Vec::new(), numbers: Vec::new(), categories: Vec::new() };
        for feature in numbers {
            let missing_is_above = match feature.text("nan_value_treatment")? {
                "AsTrue" => true,
                "AsFalse" | "AsIs" => false,
                other => return Err(wrong(format!("nan_value_treatment: {} is none that CatBoost has", quote(other)))),
            };
            let column = features.put(feature, Input { missing_is_above, ..Input::default() })?;
            features.numbers.push(column);
        }
        let texts = texts(info)?;
        for feature in categories {
            // With one such feature, all texts are its own; else it is known of those only that a split asks for.
            let others = if categories.len() == 1 { Some(&texts) } else { None };
            let known = match feature.get("values") {
                Some(_) => known(feature, &texts, others)?,
                None => Some((Vec::new(), not_asked_for(categories, &texts)?)),
            };
            let column = features.put(feature, Input { known, ..Input::default() })?;
            features.categories.push(column);
        }
        Ok(features)
    }

    /// Puts an input at its column.
    fn put(&mut self, feature: &Data<'_>, input: Input) -> Result<usize> {
        let column = feature.whole("flat_feature_index")?;
        limits::check("features", column, limits::COLUMNS - 1)?;
        if self.inputs.len() <= column {
            self.inputs.resize(column + 1, Input::default());
        }
        let name = ["feature_name", "feature_id"].iter().find_map(|name| feature.text(name).ok());
        let name = name.filter(|name| !name.is_empty()).map(str::to_owned);
        if self.inputs[column].is_there {
            return Err(wrong(format!("flat_feature_index: two features stand at {column}")));
        }
        self.inputs[column] = Input { name, is_there: true, ..input };
        Ok(column)
    }

    /// The column of a split, its rule, and whether a missing value goes left.
    pub(super) fn rule(&self, split: &Data<'_>) -> Result<(usize, Rule, bool)> {
        let column = |columns: &[usize], name: &str| {
            let at = split.whole(name)?;
            columns.get(at).copied().ok_or_else(|| wrong(format!("{name}: there is no feature {at}")))
        };
        match split.text("split_type")? {
            "FloatFeature" => {
                let column = column(&self.numbers, "float_feature_index")?;
                let border = split.number("border")? as f32;
                Ok((column, Rule::AtMost(last_below(border.next_up())), !self.inputs[column].missing_is_above))
            }
            "OneHotFeature" => {
                let column = column(&self.categories, "cat_feature_index")?;
                let hash = split.number("value")? as i64 as u32;
                let place = |(hashes, _): &&(Vec<u32>, NumberedLabels)| hashes.iter().position(|known| *known == hash);
                let known = self.inputs[column].known.as_ref();
                let Some((at, (_, labels))) = known.and_then(|known| Some((place(&known)?, known))) else {
                    return Err(unsupported(
                        CATBOOST,
                        "categories without their texts; save it with them: model.save_model(path, format=\"json\", pool=pool)",
                    ));
                };
                // All others go left, one that is not known too: it stands behind the last.
                let n_categories = labels.labels.len() + 1;
                let mut bits = Bits::new(n_categories);
                (0..n_categories).for_each(|position| bits.set(position, labels.position(at) != Some(position)));
                Ok((column, Rule::OneOf { n_categories, set: bits.into_words() }, true))
            }
            "OnlineCtr" => {
                Err(unsupported(CATBOOST, "counts of categories (ctr); fit it with a larger one_hot_max_size"))
            }
            other => Err(unsupported(CATBOOST, &format!("splits of the type {other}"))),
        }
    }

    /// The name of each input, and what values it has.
    pub(super) fn into_values(self) -> Vec<(Option<String>, ForeignValues)> {
        let value = |input: Input| {
            let values = match input.known {
                None => ForeignValues::Number { zero_is_missing: false, accepts_missing: true, hints: Vec::new() },
                Some((_, labels)) => ForeignValues::Category { labels, accepts_unseen: true, accepts_missing: false },
            };
            (input.name, values)
        };
        self.inputs.into_iter().map(value).collect()
    }
}

/// The categories of a feature that no split asks for: all predict the same.
fn not_asked_for(features: &[Data<'_>], texts: &HashMap<u32, String>) -> Result<NumberedLabels> {
    let mut asked = Vec::new();
    for feature in features.iter().filter(|feature| feature.get("values").is_some()) {
        asked.extend(feature.numbers("values")?.iter().map(|hash| f64::from(*hash as i64 as u32)));
    }
    let asked = sorted(&mut asked.into_iter());
    let others = texts.iter().filter(|(hash, _)| !is_in(&asked, **hash));
    let others: Vec<String> = others.map(|(_, text)| text.clone()).collect();
    let any = ["any".to_owned()];
    // More would be no list for people; all predict the same.
    let are_few = (1..limits::CATEGORIES).contains(&others.len());
    NumberedLabels::texts(if are_few { &others } else { &any })
}

/// Whether a hash is one of these, which are sorted.
fn is_in(sorted: &[f64], hash: u32) -> bool {
    sorted.binary_search_by(|other| other.total_cmp(&f64::from(hash))).is_ok()
}

/// The texts of categories by their hashes: the low 32 bits of CityHash64.
fn texts(info: &Data<'_>) -> Result<HashMap<u32, String>> {
    let Some(Data::List(pairs)) = info.get("cat_features_hash") else { return Ok(HashMap::new()) };
    pairs.iter().map(|pair| Ok((pair.number("hash")? as i64 as u32, pair.text("value")?.to_owned()))).collect()
}

/// The hashes that splits of a feature know, with their texts; `None` where these are not in the file.
fn known(
    feature: &Data<'_>,
    texts: &HashMap<u32, String>,
    others: Option<&HashMap<u32, String>>,
) -> Result<Option<(Vec<u32>, NumberedLabels)>> {
    let mut hashes: Vec<u32> = feature.numbers("values")?.iter().map(|hash| *hash as i64 as u32).collect();
    let own = sorted(&mut hashes.iter().map(|hash| f64::from(*hash)));
    let others = others.into_iter().flat_map(HashMap::keys).filter(|hash| !is_in(&own, **hash));
    hashes.extend(sorted(&mut others.map(|hash| f64::from(*hash))).into_iter().map(|hash| hash as u32));
    check_categories(hashes.len(), &quote(feature.text("feature_id").unwrap_or_default()))?;
    let texts: Option<Vec<String>> = hashes.iter().map(|hash| texts.get(hash).cloned()).collect();
    match texts {
        Some(texts) if !texts.is_empty() => {
            let mut labels = NumberedLabels::texts(&texts)?;
            // True and false have these texts.
            labels.is_yes_no = texts.iter().all(|text| ["0", "1"].contains(&text.as_str()));
            Ok(Some((hashes, labels)))
        }
        _ => Ok(None),
    }
}
