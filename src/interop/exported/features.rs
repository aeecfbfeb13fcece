//! The features of a document, and the columns that they become.

use crate::error::{Decimal, Result, quote};
use crate::interop::document::{Data, whole, within, wrong};
use crate::interop::labels::{NumberedLabels, check_name};
use crate::interop::model::UNKNOWN_RANGE;
use crate::limits;
use crate::preprocess::{FeatureTransform, Missing, PreparedColumn, Scaling, Source};
use crate::table::number::trim;
use crate::table::{Domain, FeatureSchema, NumberDomain};

pub(super) struct Features {
    schemas: Vec<FeatureSchema>,
    transforms: Vec<FeatureTransform>,
    /// Of categories their places among the sorted ones.
    labels: Vec<Option<NumberedLabels>>,
}

impl Features {
    pub(super) fn of(document: &Data<'_>) -> Result<Self> {
        let list = document.list("features")?;
        limits::check("features", list.len(), limits::COLUMNS)?;
        let mut features = Self { schemas: Vec::new(), transforms: Vec::new(), labels: Vec::new() };
        for feature in list {
            features.push(feature).map_err(|error| within(feature.text("name").unwrap_or("features"), &error))?;
        }
        let mut last = 0;
        for (at, column) in document.list("columns")?.iter().enumerate() {
            let feature = column.whole("feature")?;
            let pushed = match feature < last {
                true => Err(wrong("columns come in the order of the features")),
                false => features.push_column(feature, column),
            };
            pushed.map_err(|error| within(&format!("columns {at}"), &error))?;
            last = feature;
        }
        Ok(features)
    }

    fn push(&mut self, feature: &Data<'_>) -> Result<()> {
        let text = |name: &str| match feature.get(name) {
            None | Some(Data::Null) => Ok(None),
            Some(_) => feature.text(name).map(|text| Some(text.to_owned())),
        };
        let (domain, labels, accepts_unseen) = match feature.text("kind")? {
            "number" => (number_domain(feature)?, None, false),
            "category" => {
                let labels = NumberedLabels::of(feature.field("categories")?)?;
                let counts = vec![0; labels.labels.len()];
                let domain =
                    Domain::Category { categories: labels.labels.clone(), counts, is_yes_no: labels.is_yes_no };
                (domain, Some(labels), feature.field("unseen")? == &Data::Flag(true))
            }
            other => return Err(wrong(format!("kind: {} is none", quote(other)))),
        };
        let missing = missing(feature.field("missing")?, labels.as_ref())?;
        let (unit, description) = (text("unit")?, text("description")?);
        // Blanks around a name are left out, as they are in the header of a table.
        let name = trim(feature.text("name")?).to_owned();
        check_name(&name)?;
        self.schemas.push(FeatureSchema { name, unit, description, written: None, missing: 0, domain });
        self.transforms.push(FeatureTransform { missing, accepts_unseen, columns: Vec::new() });
        self.labels.push(labels);
        Ok(())
    }

    fn push_column(&mut self, feature: usize, column: &Data<'_>) -> Result<()> {
        let (Some(transform), Some(labels)) = (self.transforms.get_mut(feature), self.labels.get(feature)) else {
            return Err(wrong(format!("there is no feature {feature}")));
        };
        let source = match column.text("of")? {
            "value" => Source::Value,
            "missing" => Source::Missing,
            "category" => {
                let category = column.whole("category")?;
                let position = labels.as_ref().and_then(|labels| labels.position(category));
                Source::Category(position.ok_or_else(|| wrong(format!("there is no category {category}")))?)
            }
            other => return Err(wrong(format!("of: {} is none", quote(other)))),
        };
        let scaling = Scaling { center: column.number("center")?, scale: column.number("scale")? };
        // Nothing else is known of the training rows: a scaler's center is their mean, as a rule.
        let (mean, std_dev) = (scaling.center, scaling.scale);
        transform.columns.push(PreparedColumn { source, scaling, mean, std_dev });
        Ok(())
    }

    /// Every column, with the categories of its feature.
    pub(super) fn columns(&self) -> impl Iterator<Item = (&PreparedColumn, Option<&NumberedLabels>)> {
        let features = self.transforms.iter().zip(&self.labels);
        features.flat_map(|(transform, labels)| transform.columns.iter().map(move |column| (column, labels.as_ref())))
    }

    /// The raw value of a feature by a document's: a number, the place of a category in the document, or none.
    pub(super) fn raw(&self, feature: usize, value: &Data<'_>) -> Result<f64> {
        match (value, self.labels.get(feature)) {
            (Data::Null, Some(_)) => Ok(f64::NAN),
            (Data::Number(number), Some(None)) => Ok(*number),
            (Data::Number(number), Some(Some(labels))) => {
                let n_categories = labels.labels.len();
                let position = whole(*number).map(|number| labels.position(number).unwrap_or(n_categories));
                position
                    .map(|position| position as f64)
                    .ok_or_else(|| wrong(format!("{} is no category", Decimal(*number))))
            }
            _ => Err(wrong("expected a number or null for each feature")),
        }
    }

    /// Whether the range of a number is not known.
    pub(super) fn have_unknown_ranges(&self) -> bool {
        let is_unknown = |feature: &FeatureSchema| match &feature.domain {
            Domain::Number(NumberDomain { minimum, median, maximum, .. }) => {
                [*minimum, *median, *maximum] == UNKNOWN_RANGE
            }
            Domain::Category { .. } => false,
        };
        self.schemas.iter().any(is_unknown)
    }

    /// Whether the document lists the categories of every feature in the order that they have here.
    pub(super) fn have_sorted_categories(&self) -> bool {
        let is_sorted = |labels: &NumberedLabels| (0..labels.labels.len()).all(|at| labels.position(at) == Some(at));
        self.labels.iter().flatten().all(is_sorted)
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.schemas.len()
    }

    pub(super) fn into_parts(self) -> (Vec<FeatureSchema>, Vec<FeatureTransform>) {
        (self.schemas, self.transforms)
    }
}

/// The numbers between which a feature is known to be, or to be split.
fn number_domain(feature: &Data<'_>) -> Result<Domain> {
    let [minimum, median, maximum] = match feature.field("range")? {
        Data::Null => UNKNOWN_RANGE,
        _ => match *feature.numbers("range")? {
            [minimum, median, maximum] => [minimum, median, maximum],
            _ => return Err(wrong("range: expected minimum, median and maximum")),
        },
    };
    Ok(Domain::Number(NumberDomain { minimum, median, maximum, step: None, spread: None, are_from_splits: true }))
}

/// What becomes of a missing value. Of categories it is one of them, or one of its own behind the last.
fn missing(missing: &Data<'_>, labels: Option<&NumberedLabels>) -> Result<Missing> {
    match (missing, labels) {
        (Data::Text(text), _) if text == "refuse" => Ok(Missing::Refuse),
        (Data::Text(text), _) if text == "pass" => Ok(Missing::Pass),
        (Data::Fields(_), None) => missing.number("impute").map(Missing::Impute),
        (Data::Fields(_), Some(labels)) => {
            let category = missing.whole("impute")?;
            let position = labels.position(category).unwrap_or(labels.labels.len());
            Ok(Missing::Impute(position as f64))
        }
        _ => Err(wrong("missing: expected \"refuse\", \"pass\" or what is imputed")),
    }
}
