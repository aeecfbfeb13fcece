//! Fitting the preprocessing to training rows.

mod encode;
mod impute;
mod scale;
mod target;

use crate::dataset::{Dataset, Moments, Surveyed, quartiles};
use crate::error::{Error, ErrorKind, Result, count};
use crate::preprocess::{
    DateParts, Encoding, FeatureTransform, Impute, Missing, Options, PreparedColumn, Preprocessor, Scale, Scaling,
    Source, Unseen,
};
use crate::table::date::N_MONTHS;
use crate::table::{DATE_PARTS, Domain, NumberDomain, Schema};
use ndarray::ArrayView2;
use scale::{ColumnStatistics, std_dev};
use std::ops::Range;

/// What is known of the training rows.
pub(crate) struct TrainingRows<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) moments: &'a Moments,
    /// The raw values, shape (rows, features), where they are in memory.
    pub(crate) values: Option<ArrayView2<'a, f64>>,
    /// Their weights; empty where every row counts once.
    weights: &'a [f64],
    /// Per feature whether a row of the whole table is without it, also one that is held out.
    has_missing: Vec<bool>,
}

impl<'a> TrainingRows<'a> {
    /// Rows in memory.
    ///
    /// # Errors
    /// Those of [`Dataset::moments`].
    pub(crate) fn of_dataset(dataset: &'a Dataset) -> Result<Self> {
        let (schema, moments, values) = (dataset.schema(), dataset.moments()?, Some(dataset.features()));
        Ok(Self { schema, moments, values, weights: dataset.weights(), has_missing: dataset.has_missing().to_vec() })
    }

    /// Rows that are read again at each pass: the whole table.
    ///
    /// # Errors
    /// Those of [`Surveyed::moments`].
    pub(crate) fn of_stream(surveyed: &'a Surveyed) -> Result<Self> {
        let (schema, moments) = (&surveyed.schema, surveyed.moments()?);
        Ok(Self { schema, moments, values: None, weights: &[], has_missing: surveyed.has_missing() })
    }
}

impl TrainingRows<'_> {
    /// Whether a row of the whole table is without a feature.
    pub(crate) fn has_missing(&self, feature: usize) -> bool {
        self.has_missing[feature]
    }
}

impl Preprocessor {
    /// Fits the transform of each feature; `centred` is true for a fit with an intercept.
    ///
    /// # Errors
    /// [`ErrorKind::NotFinite`] naming a column whose values are too large to standardize, [`ErrorKind::MissingValue`]
    /// for a value that is missing where that is refused, [`ErrorKind::NoFeatures`] when every feature is constant,
    /// [`ErrorKind::InvalidOption`] for what a stream cannot tell.
    pub(crate) fn fit(rows: &TrainingRows<'_>, options: &Options, centred: bool) -> Result<Self> {
        options.check()?;
        let fit = Fit { rows, options, centred };
        let names = rows.schema.features.iter().map(|feature| feature.name.as_str());
        let prepared = names.enumerate().map(|(index, name)| fit.prepare(index).map_err(|error| error.in_column(name)));
        let features = prepared.collect::<Result<_>>()?;
        let fitted = Self::new(features);
        if fitted.n_columns() == 0 {
            let message = "every feature has one value only; there is nothing to predict from";
            return Err(Error::new(ErrorKind::NoFeatures, message));
        }
        Ok(fitted)
    }
}

impl Preprocessor {
    /// The given columns without the last of each feature's complete set of categories, months or days of the week. The
    /// columns of a complete set sum to 1 in every row, so the others determine the last one.
    pub(crate) fn without_last_categories(&self, columns: &[usize]) -> Vec<usize> {
        let all: Vec<(usize, &PreparedColumn)> = self.columns().collect();
        let is_last = |column: usize| {
            let (feature, prepared) = all[column];
            let others = &self.features()[feature].columns;
            let has_categories = others.iter().any(|other| matches!(other.source, Source::Category(_)));
            let set = |source: Source| match source {
                Source::Category(_) => Some(0),
                Source::Missing => has_categories.then_some(0),
                Source::DatePart(part) => Some(if part < N_MONTHS { 1 } else { 2 }),
                Source::Value | Source::NonZero => None,
            };
            let Some(own) = set(prepared.source) else { return false };
            // A row without a value has its 1 where that is said.
            let is_own = |other: &&PreparedColumn| set(other.source) == Some(own) || other.source == Source::Missing;
            let sum: f64 = others.iter().filter(is_own).map(|other| other.mean).sum();
            let next = all.get(column + 1).filter(|(next, _)| *next == feature);
            (sum - 1.0).abs() < 1e-9 && next.and_then(|(_, next)| set(next.source)) != Some(own)
        };
        columns.iter().copied().filter(|column| !is_last(*column)).collect()
    }
}

/// From so many standard deviations on a mean is far from 0.
const FAR: f64 = 1024.0;

impl PreparedColumn {
    /// Whether it has values so far from 0 that a product with them loses digits that tell rows apart.
    pub(crate) fn is_far(&self) -> bool {
        self.source == Source::Value && self.std_dev > 0.0 && self.mean.abs() > FAR * self.std_dev
    }
}

impl Preprocessor {
    /// The columns of a feature of which one is 1 in every row that is taken, and the others are 0.
    pub(crate) fn complete_set(&self) -> Option<Vec<usize>> {
        let mut first = 0;
        self.features().iter().find_map(|transform| {
            let columns = &transform.columns;
            let own = first..first + columns.len();
            first = own.end;
            let is_set = columns.iter().any(|column| matches!(column.source, Source::Category(_)));
            let is_whole = (columns.iter().map(|column| column.mean).sum::<f64>() - 1.0).abs() < 1e-9;
            (is_set && is_whole && !transform.accepts_unseen).then(|| own.collect())
        })
    }
}

struct Fit<'a, 'r> {
    rows: &'a TrainingRows<'r>,
    options: &'a Options,
    centred: bool,
}

impl Fit<'_, '_> {
    fn prepare(&self, feature: usize) -> Result<FeatureTransform> {
        let schema = &self.rows.schema.features[feature];
        let (fill, columns, accepts_unseen) = match &schema.domain {
            Domain::Number(domain) => {
                let fill = self.options.impute.fit(domain, self.values(feature))?;
                (fill, self.number(feature, domain, fill)?, false)
            }
            Domain::Category { categories, .. } => {
                let moments = self.rows.moments;
                let (weights, missing) = (&moments.category_weights[feature], moments.missing_weights[feature]);
                let fill = self.options.impute_category.fit(categories, weights);
                // A category without any weight in training cannot replace a missing one.
                let own = weights.get(fill.unwrap_or(0)).copied().unwrap_or(0.0);
                let fill = fill.filter(|_| own + missing > 0.0);
                let filled = fill.map(|fill| fill as f64);
                // Quartiles of positions come from the rows themselves.
                let quartiles = self.quartiles(feature, filled)?;
                let scale =
                    |statistics: &ColumnStatistics| self.scaling(&ColumnStatistics { quartiles, ..*statistics });
                let columns = encode::columns(self.options.encode, weights, missing, fill, scale);
                (filled, columns, self.options.unseen == Unseen::Zeros)
            }
        };
        if fill.is_none() && schema.missing > 0 {
            let message = format!("{} without a value; fill them in, or impute one", count(schema.missing, "row"));
            return Err(Error::new(ErrorKind::MissingValue, message));
        }
        let is_imputed = self.options.impute_always || self.rows.has_missing[feature];
        let missing = fill.filter(|_| is_imputed).map_or(Missing::Refuse, Missing::Impute);
        Ok(FeatureTransform { missing, accepts_unseen, columns })
    }

    /// The column of the value, and the indicator of a missing value if it is asked for.
    fn number(&self, feature: usize, domain: &NumberDomain, fill: Option<f64>) -> Result<Vec<PreparedColumn>> {
        let moments = self.rows.moments;
        let missing = moments.missing_weights[feature];
        let (mean, variance) = moments.filled(feature, fill.unwrap_or(0.0));
        if !(mean.is_finite() && (variance + mean * mean).is_finite()) {
            let message = "the values are too large to standardize; rescale the column";
            return Err(Error::new(ErrorKind::NotFinite, message));
        }
        let range = match fill {
            Some(fill) if missing > 0.0 => (domain.minimum.min(fill), domain.maximum.max(fill)),
            _ => (domain.minimum, domain.maximum),
        };
        let varies = std_dev(mean, variance, moments.n_rows);
        // Without an intercept, a constant column other than 0 serves as one.
        let std_dev = if self.centred || mean == 0.0 { varies } else { Some(varies.unwrap_or(0.0)) };
        let value = |std_dev: f64| -> Result<PreparedColumn> {
            let quartiles = self.quartiles(feature, fill)?;
            let scaling = self.scaling(&ColumnStatistics { mean, std_dev, range, quartiles });
            Ok(PreparedColumn { source: Source::Value, scaling, mean, std_dev })
        };
        let is_date = self.rows.schema.features[feature].is_date();
        let with_days = !is_date || self.options.date_parts.days;
        let value = std_dev.filter(|_| with_days).map(value).transpose()?;
        let value = value.filter(|column| column.standardization(self.centred).1 > 0.0);
        let is_asked = self.options.indicators && self.options.impute != Impute::Refuse;
        let share = if is_asked { missing / moments.weight } else { 0.0 };
        let quartiles = self.quartiles_of_missing(feature);
        let scale = |statistics: &ColumnStatistics| self.scaling(&ColumnStatistics { quartiles, ..*statistics });
        let indicator = encode::indicator(Source::Missing, share, scale);
        let parts = if is_date { self.date_parts(feature) } else { Vec::new() };
        Ok(value.into_iter().chain(parts).chain(indicator).collect())
    }

    /// The columns of the months and of the days of the week.
    fn date_parts(&self, feature: usize) -> Vec<PreparedColumn> {
        let (moments, DateParts { month, weekday, .. }) = (self.rows.moments, self.options.date_parts);
        let shares: Vec<f64> = moments.date_weights[feature].iter().map(|weight| weight / moments.weight).collect();
        let columns = |is_asked: bool, parts: Range<usize>| {
            let (from, shares) = (usize::from(self.options.encode == Encoding::DropFirst), &shares);
            let there = parts.filter(move |part| is_asked && shares[*part] > 0.0).skip(from);
            there.filter_map(|part| encode::indicator(Source::DatePart(part), shares[part], |_| Scaling::NONE))
        };
        columns(month, 0..N_MONTHS).chain(columns(weekday, N_MONTHS..DATE_PARTS.len())).collect()
    }

    fn scaling(&self, statistics: &ColumnStatistics) -> Scaling {
        Scaling::fit(self.options.scale, statistics, self.centred)
    }

    /// The values of a feature that are not missing, and their weights, where they are in memory.
    fn values(&self, feature: usize) -> Option<Vec<(f64, f64)>> {
        let needed = self.options.impute == Impute::MostFrequent;
        let values = self.rows.values.filter(|_| needed)?.column(feature).to_vec();
        let weight = |row: usize| self.rows.weights.get(row).copied().unwrap_or(1.0);
        Some(
            values
                .into_iter()
                .enumerate()
                .map(|(row, value)| (value, weight(row)))
                .filter(|(value, _)| !value.is_nan())
                .collect(),
        )
    }

    /// The quartiles of the indicator of a feature's missing values, if the scaling needs them.
    fn quartiles_of_missing(&self, feature: usize) -> Option<[f64; 3]> {
        let values = self.rows.values.filter(|_| self.options.scale == Scale::Robust)?;
        let is_missing = values.column(feature).iter().map(|value| f64::from(u8::from(value.is_nan()))).collect();
        quartiles(is_missing, self.rows.weights)
    }

    /// The quartiles of a feature's values, with `fill` for missing ones, if the scaling needs them.
    fn quartiles(&self, feature: usize, fill: Option<f64>) -> Result<Option<[f64; 3]>> {
        if self.options.scale != Scale::Robust {
            return Ok(None);
        }
        let Some(values) = self.rows.values else {
            let message = "quartiles are not looked for in a table that is read as a stream; take another scaling";
            return Err(Error::new(ErrorKind::InvalidOption, message));
        };
        let filled = |value: &f64| if value.is_nan() { fill.unwrap_or(f64::NAN) } else { *value };
        Ok(quartiles(values.column(feature).iter().map(filled).collect(), self.rows.weights))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Dataset;
    use crate::preprocess::ImputeCategory;

    fn fit_with(csv: &str, options: &Options) -> Result<Preprocessor> {
        let dataset = Dataset::of_csv(csv, "y")?;
        Preprocessor::fit(&TrainingRows::of_dataset(&dataset)?, options, true)
    }

    fn fit(csv: &str) -> Result<Preprocessor> {
        fit_with(csv, &Options::default())
    }

    fn transform(preprocessor: &Preprocessor, raw: &[f64]) -> Vec<f64> {
        let mut row = Vec::new();
        preprocessor.transform_row(raw, &mut row);
        row
    }

    #[test]
    fn a_missing_number_is_taken_for_the_median_and_a_category_for_the_commonest() {
        let preprocessor = fit("a,c,y\n1,u,p\nNA,v,q\n3,v,p\n11,,q\n").unwrap();
        assert_eq!(preprocessor.features()[0].imputed_value(), Some(3.0));
        assert_eq!(preprocessor.features()[1].imputed_value(), Some(1.0));
        assert_eq!(transform(&preprocessor, &[f64::NAN, f64::NAN]), transform(&preprocessor, &[3.0, 1.0]));
        assert_eq!(transform(&preprocessor, &[3.0, 0.0])[1..], [1.0, 0.0]);
    }

    #[test]
    fn an_indicator_is_a_second_column_where_training_rows_lack_the_number() {
        let options = Options { indicators: true, scale: Scale::None, ..Options::default() };
        let preprocessor = fit_with("a,b,y\n1,5,p\nNA,6,q\n3,8,p\n11,2,q\n", &options).unwrap();
        assert_eq!(transform(&preprocessor, &[f64::NAN, 5.5]), [3.0, 1.0, 5.5]);
        assert_eq!(transform(&preprocessor, &[7.0, 1.0]), [7.0, 0.0, 1.0]);
    }

    #[test]
    fn what_no_row_lacks_is_imputed_only_where_that_is_asked_for() {
        let csv = "a,c,y\n1,u,p\n2,v,q\n3,u,p\n4,v,q\n,u,p\n";
        let missing = |preprocessor: &Preprocessor| -> Vec<Missing> {
            preprocessor.features().iter().map(|transform| transform.missing).collect()
        };
        let always = Options { impute_always: true, ..Options::default() };
        assert_eq!(missing(&fit(csv).unwrap()), [Missing::Impute(2.5), Missing::Refuse]);
        assert_eq!(missing(&fit_with(csv, &always).unwrap()), [Missing::Impute(2.5), Missing::Impute(0.0)]);
        // Which rows are held out changes nothing of it.
        let part = Dataset::of_csv(csv, "y").unwrap().select(&[0, 1, 2, 3]).unwrap();
        let rows = TrainingRows::of_dataset(&part).unwrap();
        let preprocessor = Preprocessor::fit(&rows, &Options::default(), true).unwrap();
        assert_eq!(missing(&preprocessor), [Missing::Impute(2.5), Missing::Refuse]);
    }

    #[test]
    fn a_category_of_its_own_stands_for_the_missing_ones() {
        let impute_category = ImputeCategory::Constant("unknown".into());
        let options = Options { impute_category, ..Options::default() };
        let preprocessor = fit_with("c,y\nu,p\nv,q\nv,p\n,q\n", &options).unwrap();
        assert_eq!(transform(&preprocessor, &[f64::NAN]), [0.0, 0.0, 1.0]);
        assert_eq!(transform(&preprocessor, &[1.0]), [0.0, 1.0, 0.0]);
        let ordinal = Options { encode: Encoding::Ordinal, scale: Scale::None, ..options };
        assert_eq!(transform(&fit_with("c,y\nu,p\nv,q\nv,p\n,q\n", &ordinal).unwrap(), &[f64::NAN]), [2.0]);
    }

    #[test]
    fn a_date_becomes_days_months_and_weekdays() {
        let parts = |name: &str| DateParts::NAMES.iter().find(|(other, _)| *other == name).unwrap().1;
        let options = |name: &str| Options { date_parts: parts(name), ..Options::default() };
        // A Friday, a Saturday, a Monday, none.
        let csv = "d,x,y\n2024-05-31,1,p\n2024-06-01,2,q\n2024-06-03,3,p\n,4,q\n";
        let names = |options: &Options| {
            let dataset = Dataset::of_csv(csv, "y").unwrap();
            fit_with(csv, options).unwrap().column_names(dataset.schema())
        };
        assert_eq!(names(&options("days")), ["d", "x"]);
        assert_eq!(names(&options("days-month")), ["d", "d=May", "d=June", "x"]);
        assert_eq!(names(&options("weekday")), ["d=Monday", "d=Friday", "d=Saturday", "x"]);
        let first = Options { encode: Encoding::DropFirst, indicators: true, ..options("month-weekday") };
        assert_eq!(names(&first), ["d=June", "d=Friday", "d=Saturday", "d is missing", "x"]);
        let preprocessor = fit_with(csv, &options("days-month-weekday")).unwrap();
        let of_days = |days: f64| transform(&preprocessor, &[days, 1.0])[1..6].to_vec();
        assert_eq!(of_days(19_874.5), [1.0, 0.0, 0.0, 1.0, 0.0]);
        assert_eq!(of_days(20_598.0), [1.0, 0.0, 1.0, 0.0, 0.0]);
        assert_eq!(of_days(f64::NAN), [0.0; 5]);
        let months = preprocessor.features()[0].columns[1..3].iter().map(|column| column.mean);
        assert_eq!(months.collect::<Vec<_>>(), [0.25, 0.5]);
    }

    #[test]
    fn one_column_of_each_complete_set_follows_from_the_others() {
        let options = |indicators| {
            let date_parts = DateParts { days: true, month: true, weekday: true };
            Options { date_parts, indicators, ..Options::default() }
        };
        let csv = "d,c,y\n2024-05-31,u,p\n2024-06-01,v,q\n2024-06-03,u,p\n";
        let left = |csv: &str, indicators| {
            let preprocessor = fit_with(csv, &options(indicators)).unwrap();
            preprocessor.without_last_categories(&(0..preprocessor.n_columns()).collect::<Vec<_>>())
        };
        // Days, May, June, Monday, Friday, Saturday, u, v.
        assert_eq!(left(csv, false), [0, 1, 3, 4, 6]);
        // The last of a set follows where the missing ones have their own column.
        let csv = format!("{csv},v,q\n");
        assert_eq!(left(&csv, false), [0, 1, 2, 3, 4, 5, 6]);
        assert_eq!(left(&csv, true), [0, 1, 3, 4, 6, 7]);
    }

    #[test]
    fn what_is_missing_can_be_refused() {
        let options = Options { impute: Impute::Refuse, ..Options::default() };
        let error = fit_with("a,y\n1,p\nNA,q\n3,p\n11,q\n", &options).unwrap_err();
        assert_eq!(error.to_string(), "column \"a\": 1 row without a value; fill them in, or impute one");
        assert_eq!(fit_with("a,y\n1,p\n2,q\n3,p\n11,q\n", &options).unwrap().features()[0].imputed_value(), None);
    }

    #[test]
    fn tables_without_a_varying_feature_are_refused() {
        assert_eq!(fit("a,y\n1,u\n1,v\n1,u\n").unwrap_err().kind(), ErrorKind::NoFeatures);
    }

    #[test]
    fn columns_too_large_to_standardize_are_named() {
        let error = fit("a,b,y\n1,1e200,u\n2,-1e200,v\n3,1e200,u\n").unwrap_err();
        assert_eq!((error.kind(), error.place().column.as_deref()), (ErrorKind::NotFinite, Some("b")));
    }
}
