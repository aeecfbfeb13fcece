//! The outputs of a model, by scikit-learn's names.

use super::ScoredRows;
use crate::error::{Error, ErrorKind, Result, did_you_mean, quote};
use crate::limits::{ANSWER_NUMBERS, check_product};
use crate::model::Model;
use crate::predict::Prediction;
use crate::server::models::Loaded;
use crate::server::request::Bounds;
use crate::table::{Label, Labels};
use serde::ser::{Serialize, SerializeSeq, Serializer};

/// A kind of output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    /// The predicted class or number.
    Predict,
    /// Every class's probability, in class order.
    PredictProba,
    /// The scores before they become probabilities. Two classes have one score: the log-odds of the second class.
    DecisionFunction,
    /// The contribution of each feature to each score.
    Contributions,
}

impl Method {
    /// Every method by its name.
    pub(crate) const NAMES: [(&'static str, Self); 4] = [
        ("predict", Self::Predict),
        ("predict_proba", Self::PredictProba),
        ("decision_function", Self::DecisionFunction),
        ("contributions", Self::Contributions),
    ];

    /// The method of a name.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidRequest`] for an unknown name, and for a method that the model does not have.
    pub(crate) fn by_name(name: &str, model: &Model) -> Result<Self> {
        let names = || Self::all(model).map(Self::name);
        Self::all(model).find(|method| method.name() == name).ok_or_else(|| {
            let hint = did_you_mean(name, names());
            let names: Vec<_> = names().collect();
            let message = format!("the model has no output {}{hint}; it has {}", quote(name), names.join(", "));
            Error::new(ErrorKind::InvalidRequest, message)
        })
    }

    /// The methods of the model: a regression has no probabilities.
    pub(crate) fn all(model: &Model) -> impl Iterator<Item = Self> {
        let is_classification = model.schema().target.classes().is_some();
        let is_available =
            move |method: &Self| is_classification || matches!(method, Self::Predict | Self::Contributions);
        Self::NAMES.into_iter().map(|(_, method)| method).filter(is_available)
    }

    pub(crate) fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, method)| *method == self).map_or("", |(name, _)| name)
    }

    /// The shape of the output for one row: empty for a single number.
    pub(crate) fn shape(self, model: &Model) -> Vec<usize> {
        let n_scores = model.estimator().n_scores();
        let scores = || (n_scores > 1).then_some(n_scores);
        match self {
            Self::Predict => vec![],
            Self::PredictProba => vec![model.n_outputs()],
            Self::DecisionFunction => scores().into_iter().collect(),
            Self::Contributions => scores().into_iter().chain([model.n_features()]).collect(),
        }
    }

    /// The output of the model for rows.
    ///
    /// # Errors
    /// Those of [`Model::explain`].
    pub(crate) fn apply<'m>(
        self,
        loaded: &'m Loaded,
        scored: &ScoredRows,
        bounds: &Bounds,
    ) -> Result<MethodOutput<'m>> {
        let model = &loaded.model;
        let n_numbers = scored.check_size(self, loaded)?;
        bounds.memory.grow(n_numbers * size_of::<f64>())?;
        let numbers = |data| Ok(MethodOutput::Numbers { data, shape: self.shape(model) });
        match self {
            Self::Predict => match model.schema().target.classes() {
                Some(classes) => Ok(MethodOutput::Classes { predicted: scored.predicted_classes(loaded), classes }),
                None => numbers(scored.outputs.clone()),
            },
            Self::PredictProba => numbers(scored.outputs.clone()),
            Self::DecisionFunction => {
                let (mut all, mut scores) = (Vec::with_capacity(n_numbers), Vec::new());
                for row in scored.rows(loaded) {
                    model.scores(row, &mut scores)?;
                    all.extend_from_slice(&scores);
                }
                numbers(all)
            }
            Self::Contributions => {
                let mut all = Vec::with_capacity(n_numbers);
                for row in scored.rows(loaded) {
                    model
                        .explain(row)?
                        .iter()
                        .for_each(|explanation| all.extend_from_slice(&explanation.contributions));
                }
                numbers(all)
            }
        }
    }
}

impl ScoredRows {
    /// The count of numbers of an answer.
    ///
    /// # Errors
    /// [`ErrorKind::LimitExceeded`] for more than memory should hold.
    pub(super) fn check_size(&self, method: Method, loaded: &Loaded) -> Result<usize> {
        let per_row = method.shape(&loaded.model).iter().product();
        check_product("numbers in an answer; send fewer rows at once", self.n_rows, per_row, ANSWER_NUMBERS)?;
        Ok(self.n_rows * per_row)
    }

    /// The position of each row's class. The list is empty for a regression.
    fn predicted_classes(&self, loaded: &Loaded) -> Vec<usize> {
        let position = |prediction| match prediction {
            Prediction::Class { predicted, .. } => Some(predicted),
            Prediction::Value(_) => None,
        };
        self.predictions(loaded).filter_map(position).collect()
    }
}

/// The output of a method for rows.
#[derive(Debug)]
pub(crate) enum MethodOutput<'m> {
    /// The position of the predicted class for each row.
    Classes { predicted: Vec<usize>, classes: &'m Labels },
    /// Numbers for each row, one row after the other, with their shape within a row.
    Numbers { data: Vec<f64>, shape: Vec<usize> },
}

impl<'m> MethodOutput<'m> {
    /// The class of each row.
    pub(crate) fn labels(predicted: &[usize], classes: &'m Labels) -> impl Iterator<Item = Label<'m>> {
        predicted.iter().filter_map(|position| classes.get(*position))
    }
}

/// A list with an item for each row: a class, a number, or nested lists of numbers.
impl Serialize for MethodOutput<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self {
            Self::Classes { predicted, classes } => serializer.collect_seq(MethodOutput::labels(predicted, classes)),
            Self::Numbers { data, shape } => {
                let width = shape.iter().product::<usize>().max(1);
                let mut rows = serializer.serialize_seq(Some(data.len() / width))?;
                data.chunks_exact(width).try_for_each(|row| rows.serialize_element(&Nested { data: row, shape }))?;
                rows.end()
            }
        }
    }
}

/// A row's numbers, in nested lists.
struct Nested<'n> {
    data: &'n [f64],
    shape: &'n [usize],
}

impl Serialize for Nested<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self.shape.split_first() {
            None => self.data[0].serialize(serializer),
            Some((_, shape)) => {
                let width = shape.iter().product::<usize>().max(1);
                serializer.collect_seq(self.data.chunks_exact(width).map(|data| Nested { data, shape }))
            }
        }
    }
}
