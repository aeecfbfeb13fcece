//! LightGBM's text: lines of `key=value`, first of the model, then of each tree.

use super::file::{File, MissingKind, Question, RawSplit, RawTree};
use crate::error::{Decimal, Error, ErrorKind, Result, quote};
use crate::interop::document::{whole, within, wrong};
use crate::interop::json;
use crate::interop::labels::{NumberedLabels, sorted};
use crate::limits;
use crate::model::LinearLeaf;
use crate::table::DecimalSign;
use crate::table::number::number;

/// What a file says.
pub(super) fn read(bytes: &[u8]) -> Result<File> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| Error::new(ErrorKind::Encoding, "expected UTF-8").at_byte(error.valid_up_to() as u64))?;
    // Versions before 2.2 do not say where the trees end.
    let end = ["\nend of trees", "\nfeature importances:"].into_iter().find_map(|end| text.split_once(end));
    let (model, behind) = end.ok_or_else(|| {
        let message = "the file ends before the line \"end of trees\"";
        Error::new(ErrorKind::Truncated, message).at_byte(bytes.len() as u64)
    })?;
    let mut parts = model.split("\nTree=");
    let header = Fields::of(parts.next().unwrap_or_default())?;
    if behind.contains("\nparameters:") && !behind.contains("\nend of parameters") {
        let message = "the file ends within its parameters";
        return Err(Error::new(ErrorKind::Truncated, message).at_byte(bytes.len() as u64));
    }
    let n_features = header.words("feature_names")?.count();
    limits::check("features", n_features, limits::COLUMNS)?;
    header.check_count("max_feature_idx", n_features.saturating_sub(1))?;
    let names: Vec<String> = header.words("feature_names")?.map(str::to_owned).collect();
    let infos: Vec<&str> = header.words("feature_infos")?.collect();
    if infos.len() != names.len() {
        return Err(wrong(format!("feature_infos: expected {}, found {}", names.len(), infos.len())));
    }
    let parts: Vec<&str> = parts.collect();
    if header.find("tree_sizes").is_some() && header.words("tree_sizes")?.count() != parts.len() {
        let n_sizes = header.words("tree_sizes")?.count();
        return Err(wrong(format!("tree_sizes: expected {}, one for each tree, found {n_sizes}", parts.len())));
    }
    let trees = parts.into_iter().enumerate().map(|(at, lines)| {
        // The first line has its number.
        let (number, lines) = lines.split_once('\n').unwrap_or((lines, ""));
        if number.trim().parse() != Ok(at) {
            return Err(wrong(format!("expected Tree={at}, found Tree={}", quote(number.trim()))));
        }
        tree(&Fields::of(lines)?).map_err(|error| within(&format!("tree {at}"), &error))
    });
    Ok(File {
        version: header.get("version")?.to_owned(),
        n_trees_a_round: header.whole("num_tree_per_iteration")?,
        objective: header.find("objective").unwrap_or_default().to_owned(),
        ranges: infos.iter().map(|info| range(info)).collect(),
        seen: infos.into_iter().map(seen).collect(),
        categorical: categorical(behind),
        pandas: pandas(behind)?,
        is_mean: header.find("average_output").is_some(),
        trees: trees.collect::<Result<_>>()?,
        names,
    })
}

/// The lines of a part: their keys and what these say.
struct Fields<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Fields<'a> {
    fn of(lines: &'a str) -> Result<Self> {
        /// LightGBM writes about twenty.
        const MOST: usize = 200;
        let line = |line: &'a str| line.split_once('=').unwrap_or((line, ""));
        if lines.lines().nth(MOST).is_some() {
            return Err(wrong(format!("a tree or the header has more than {MOST} lines")));
        }
        Ok(Self(lines.lines().map(|text| line(text.trim())).collect()))
    }

    /// Refuses another number than this one, if the line is there.
    fn check_count(&self, key: &str, n: usize) -> Result<()> {
        match self.find(key) {
            Some(_) if self.whole(key)? != n => Err(wrong(format!("{key}: expected {n}, found {}", self.whole(key)?))),
            _ => Ok(()),
        }
    }

    fn find(&self, key: &str) -> Option<&'a str> {
        self.0.iter().find(|(own, _)| *own == key).map(|(_, text)| *text)
    }

    fn get(&self, key: &str) -> Result<&'a str> {
        self.find(key).ok_or_else(|| wrong(format!("the line {key} is missing")))
    }

    fn words(&self, key: &str) -> Result<impl Iterator<Item = &'a str>> {
        Ok(self.get(key)?.split(' ').filter(|word| !word.is_empty()))
    }

    fn whole(&self, key: &str) -> Result<usize> {
        let text = self.get(key)?;
        text.parse().map_err(|_| wrong(format!("{key}: expected a whole number, found {}", quote(text))))
    }

    /// So many numbers.
    fn numbers(&self, key: &str, n: usize) -> Result<Vec<f64>> {
        let number = |word: &str| {
            number(word, DecimalSign::Point)
                .ok_or_else(|| wrong(format!("{key}: expected numbers, found {}", quote(word))))
        };
        let numbers: Vec<f64> = self.words(key)?.map(number).collect::<Result<_>>()?;
        match numbers.len() == n {
            true => Ok(numbers),
            false => Err(wrong(format!("{key}: expected {n} numbers, found {}", numbers.len()))),
        }
    }
}

fn tree(fields: &Fields<'_>) -> Result<RawTree> {
    let n_leaves = fields.whole("num_leaves")?;
    let n_splits = n_leaves.checked_sub(1).ok_or_else(|| wrong("a tree has no leaf"))?;
    let values = fields.numbers("leaf_value", n_leaves)?;
    // A tree without splits may not say it.
    let counts = fields.numbers("leaf_count", n_leaves).or_else(|error| match n_splits {
        0 => Ok(vec![0.0]),
        _ => Err(error),
    })?;
    let sums = match fields.find("is_linear") {
        None | Some("0") => Vec::new(),
        Some("1") => sums(fields, n_leaves)?,
        Some(other) => return Err(wrong(format!("is_linear: expected 0 or 1, found {}", quote(other)))),
    };
    if n_splits == 0 {
        return Ok(RawTree { values, counts, sums, ..RawTree::default() });
    }
    let position = |number: f64| whole(number).ok_or_else(|| wrong(format!("{} is no feature", Decimal(number))));
    let (features, thresholds) = (fields.numbers("split_feature", n_splits)?, fields.numbers("threshold", n_splits)?);
    let decisions = fields.numbers("decision_type", n_splits)?;
    let (left, right) = (fields.numbers("left_child", n_splits)?, fields.numbers("right_child", n_splits)?);
    let mut sets = sets(fields)?;
    let split = |at: usize| {
        let feature = position(features[at])?;
        if !(0.0..16.0).contains(&decisions[at]) || whole(decisions[at]).is_none() {
            return Err(wrong(format!("decision_type: {} is none that LightGBM has", Decimal(decisions[at]))));
        }
        let question = question(decisions[at] as u8, thresholds[at], &mut sets)?;
        Ok(RawSplit { feature, question })
    };
    // A child below 0 is a leaf: ~0 is the first.
    let child = |number: f64| match number {
        leaf if leaf < 0.0 => whole(-leaf - 1.0).map(|leaf| n_splits + leaf),
        split => whole(split).filter(|split| *split < n_splits),
    };
    let both = |(left, right): (&f64, &f64)| {
        let children = child(*left).zip(child(*right));
        children
            .map(|(left, right)| [left, right])
            .ok_or_else(|| wrong(format!("{} or {} is no child", Decimal(*left), Decimal(*right))))
    };
    Ok(RawTree {
        splits: (0..n_splits).map(split).collect::<Result<_>>()?,
        children: left.iter().zip(&right).map(both).collect::<Result<_>>()?,
        values,
        counts,
        sums,
    })
}

/// The weighted sums of the leaves: their features and coefficients stand leaf after leaf.
fn sums(fields: &Fields<'_>, n_leaves: usize) -> Result<Vec<LinearLeaf>> {
    let lengths = fields.numbers("num_features", n_leaves)?;
    let total = lengths.iter().sum::<f64>() as usize;
    let (features, coefficients) = (fields.numbers("leaf_features", total)?, fields.numbers("leaf_coeff", total)?);
    let (mut begin, mut sums) = (0_usize, Vec::new());
    for (constant, length) in fields.numbers("leaf_const", n_leaves)?.into_iter().zip(lengths) {
        let end = whole(length).and_then(|length| begin.checked_add(length)).filter(|end| *end <= total);
        let end = end.ok_or_else(|| wrong("num_features: expected how many features each leaf has"))?;
        let pairs = features[begin..end].iter().zip(&coefficients[begin..end]);
        let terms = pairs.map(|(feature, coefficient)| Some((whole(*feature)?, *coefficient))).collect();
        let terms: Option<Vec<(usize, f64)>> = terms;
        let terms = terms.ok_or_else(|| wrong("leaf_features: expected the numbers of features"))?;
        sums.push(LinearLeaf { constant, terms });
        begin = end;
    }
    Ok(sums)
}

/// What a node asks. Bit 0 of the decision says that it is about categories, whose set has the number that stands as threshold; bit
/// 1 that missing values go left; the next two what is missing.
fn question(decision: u8, threshold: f64, sets: &mut [Vec<usize>]) -> Result<Question> {
    if decision & 1 == 1 {
        // Each split has a set of its own: one that stands at many would be copied.
        let set = whole(threshold).and_then(|at| sets.get_mut(at)).map(std::mem::take);
        return set
            .filter(|set| !set.is_empty())
            .map(Question::OneOf)
            .ok_or_else(|| wrong(format!("there is no set {}", Decimal(threshold))));
    }
    let missing = match decision >> 2 & 3 {
        0 => MissingKind::None,
        1 => MissingKind::Zero,
        2 => MissingKind::NaN,
        _ => return Err(wrong(format!("decision_type: {decision} is none that LightGBM has"))),
    };
    Ok(Question::AtMost { threshold, default_left: decision & 2 == 2, missing })
}

/// The sets of categories of a tree, each in words of 32 bits.
fn sets(fields: &Fields<'_>) -> Result<Vec<Vec<usize>>> {
    if fields.whole("num_cat").unwrap_or(0) == 0 {
        return Ok(Vec::new());
    }
    let n = |key: &str| Ok(fields.words(key)?.count());
    let bounds = fields.numbers("cat_boundaries", n("cat_boundaries")?)?;
    let words = fields.numbers("cat_threshold", n("cat_threshold")?)?;
    let set = |pair: &[f64]| {
        let words = words.get(whole(pair[0])?..whole(pair[1])?)?;
        let is_word = |word: &f64| whole(*word).is_some_and(|word| word <= u32::MAX as usize);
        if !words.iter().all(is_word) {
            return None;
        }
        let bits = words.iter().enumerate().flat_map(|(at, word)| {
            (0..32).filter(move |bit| (*word as u32) >> bit & 1 == 1).map(move |bit| 32 * at + bit)
        });
        Some(bits.collect())
    };
    let sets: Option<Vec<Vec<usize>>> = bounds.windows(2).map(set).collect();
    sets.ok_or_else(|| wrong("cat_boundaries: a set of categories is not in the file"))
}

/// The range of a number that training had: `[0:5]`.
fn range(info: &str) -> Option<(f64, f64)> {
    let (least, most) = info.strip_prefix('[')?.strip_suffix(']')?.split_once(':')?;
    Some((number(least, DecimalSign::Point)?, number(most, DecimalSign::Point)?))
}

/// The categories that training had: `-1:2:0` has them, without the missing one; `[0:5]` is of a number.
fn seen(info: &str) -> Option<Vec<usize>> {
    match info.starts_with('[') || !info.contains(':') {
        true => None,
        false => Some(info.split(':').filter_map(|number| number.parse().ok()).collect()),
    }
}

/// The columns that the parameters call categories, if they do.
fn categorical(behind: &str) -> Option<Vec<usize>> {
    let line = behind.lines().find_map(|line| line.trim().strip_prefix("[categorical_feature:")?.strip_suffix(']'))?;
    let columns = line.split(',').map(|column| column.trim().parse().ok()).collect::<Option<Vec<usize>>>()?;
    let columns = sorted(&mut columns.into_iter().map(|column| column as f64));
    Some(columns.into_iter().map(|column| column as usize).collect()).filter(|columns: &Vec<usize>| !columns.is_empty())
}

/// The categories of pandas, in the last line.
fn pandas(behind: &str) -> Result<Vec<NumberedLabels>> {
    let line = behind.lines().find_map(|line| line.strip_prefix("pandas_categorical:"));
    let Some(line) = line.filter(|line| !["null", ""].contains(&line.trim())) else { return Ok(Vec::new()) };
    let document = json::read(line.as_bytes()).map_err(|error| within("pandas_categorical", &error))?;
    NumberedLabels::of_columns(&document)
}
