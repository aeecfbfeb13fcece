//! Cross-validation: fits to all training rows but one fold, tested on that fold.

use super::settings::Pipeline;
use crate::dataset::{Dataset, Target};
use crate::error::{Error, ErrorKind, Result, list_names};
use crate::evaluate::{FigureSummary, Scored, ThresholdRule, folds, summarize};
use crate::model::{Calibration, Conformal, CrossValidation, Decision, FoldMetric, Link, Model};
use crate::note::{Note, codes};
use crate::train::ConformalScores;

/// The folds of some rows, and what the fits to the others say of them.
#[derive(Debug)]
pub(super) struct Validation {
    rows: Dataset,
    /// The fold of each row.
    fold_of: Vec<usize>,
    n_folds: usize,
    seed: u64,
    /// The fold that is held out of the fit under way; their number once all were.
    fold: usize,
    /// The models of the folds that are over, where a calibration or a threshold is to be learnt.
    models: Vec<Model>,
    figures: Vec<Vec<(&'static str, Option<f64>)>>,
    /// Of two classes: scores of the positive one for rows of folds that are over, whether they are of it, and how much they
    /// count, unless every row counts once.
    scores: Vec<f64>,
    /// What makes probabilities of them.
    link: Link,
    is_positive: Vec<bool>,
    weights: Vec<f64>,
    /// The fold of each of them.
    scored_in: Vec<usize>,
    /// How far rows are from what the whole recipe says of them, where that is asked for.
    conformal: ConformalScores,
    /// Rows of folds that were not scored, for a category or a missing value that the other folds do not have.
    n_refused: usize,
}

impl Validation {
    /// Shares the rows out, and hands out those of the first fit.
    pub(super) fn new(rows: Dataset, n_folds: usize, seed: u64) -> Result<(Self, Dataset)> {
        let codes = match rows.target() {
            Target::Classes { codes, .. } => Some(codes.as_slice()),
            Target::Numbers(_) => None,
        };
        let fold_of = folds(codes, rows.n_rows(), n_folds, seed)?;
        let validation = Self {
            rows,
            fold_of,
            n_folds,
            seed,
            fold: 0,
            models: Vec::new(),
            figures: Vec::new(),
            scores: Vec::new(),
            link: Link::Logistic,
            is_positive: Vec::new(),
            weights: Vec::new(),
            scored_in: Vec::new(),
            conformal: ConformalScores::default(),
            n_refused: 0,
        };
        let first = validation.rows_but(0)?;
        Ok((validation, first))
    }

    /// Whether every fold was held out.
    pub(super) fn is_over(&self) -> bool {
        self.fold == self.n_folds
    }

    pub(super) fn n_folds(&self) -> usize {
        self.n_folds
    }

    /// The same folds for another learner.
    ///
    /// # Errors
    /// Those of [`Validation::new`].
    pub(super) fn again(&self) -> Result<(Self, Dataset)> {
        Self::new(self.rows.clone(), self.n_folds, self.seed)
    }

    /// All training rows.
    pub(super) fn rows(&self) -> &Dataset {
        &self.rows
    }

    /// The training rows of the fit after the one under way: to all rows after that to the last fold.
    pub(super) fn rows_after_this(&self) -> Result<Dataset> {
        self.rows_but(self.fold + 1)
    }

    fn rows_but(&self, fold: usize) -> Result<Dataset> {
        match fold < self.n_folds {
            true => self.select(|row| self.fold_of[row] != fold),
            false => Ok(self.rows.clone()),
        }
    }

    fn select(&self, is_wanted: impl Fn(usize) -> bool) -> Result<Dataset> {
        self.rows.select(&(0..self.fold_of.len()).filter(|row| is_wanted(*row)).collect::<Vec<_>>())
    }

    /// Tests a fold's model on it.
    pub(super) fn end_fold(&mut self, model: Model, pipeline: &Pipeline) -> Result<()> {
        let held_out = self.select(|row| self.fold_of[row] == self.fold)?;
        let scored = Scored::of(&model, &held_out)?;
        if scored.rows.is_empty() {
            let message = format!(
                "no row of fold {} can be scored, since the other folds lack their categories or have no missing value; \
                 take fewer folds, or let unseen categories be zeros",
                self.fold + 1
            );
            return Err(Error::new(ErrorKind::TooFewRows, message));
        }
        self.n_refused += scored.n_refused;
        let report = scored.report(&model, &held_out).map_err(|error| self.in_fold(self.fold, error))?;
        self.figures.push(report.figures());
        if let (Some(positive), Target::Classes { codes, .. }) = (model.positive(), held_out.target()) {
            let (mut of_row, mut values) = (Vec::new(), Vec::new());
            self.link = model.link();
            for row in scored.rows.iter().copied() {
                let features = held_out.features();
                held_out.row_for(model.schema(), features.row(row).to_slice().unwrap_or_default(), &mut values);
                model.scores(&values, &mut of_row)?;
                // The one score is for the second class.
                self.scores.push(if positive == 1 { of_row[0] } else { self.link.turned(of_row[0]) });
                self.is_positive.push(codes[row] == positive);
                self.weights.extend(held_out.weights().get(row));
                self.scored_in.push(self.fold);
            }
        }
        match pipeline.decides() {
            true => self.models.push(model),
            false if pipeline.conformal => self.add_conformal(&model, &held_out, &scored),
            false => {}
        }
        self.fold += 1;
        Ok(())
    }

    /// What a person should know of the folds.
    pub(super) fn notes(&self) -> Vec<Note> {
        let mut notes = Vec::new();
        match self.n_refused {
            0 => {}
            1 => notes.push(Note::new(codes::UNSCORED_ROW_OF_FOLDS, [])),
            n_refused => notes.push(Note::new(codes::UNSCORED_ROWS_OF_FOLDS, [n_refused.into()])),
        }
        let is_partial = |figure: &FigureSummary| figure.folds > 0 && figure.folds < self.n_folds as u64;
        let partial: Vec<FigureSummary> = summarize(&self.figures).into_iter().filter(is_partial).collect();
        for figures in partial.chunk_by(|one, other| one.folds == other.folds) {
            let names = list_names(figures.iter().map(|figure| figure.name.as_str()));
            let parameters = [names.as_str().into(), figures[0].folds.into(), self.n_folds.into()];
            notes.push(Note::new(codes::FIGURES_OF_FEWER_FOLDS, parameters));
        }
        notes
    }

    /// An error of the fit to all rows but one fold, or of its preparation. Folds may lack what the whole table has.
    pub(super) fn in_fold(&self, fold: usize, error: Error) -> Error {
        let is_of_fold =
            matches!(error.kind(), ErrorKind::TooFewRows | ErrorKind::InvalidWeight | ErrorKind::ConstantTarget);
        // What all rows have is not the folds' fault.
        let is_constant = match self.rows.target() {
            Target::Numbers(numbers) => numbers.iter().all(|number| *number == numbers[0]),
            Target::Classes { .. } => false,
        };
        if fold >= self.n_folds || !is_of_fold || is_constant {
            return error;
        }
        let remedy = match self.rows.target() {
            Target::Classes { .. } => {
                "a class needs rows of some weight in two folds: leave its rows out, or take no folds"
            }
            Target::Numbers(_) => "take fewer folds, or none",
        };
        let (fold, n_folds) = (fold + 1, self.n_folds);
        let message = format!("{}, when fold {fold} of {n_folds} is held out; {remedy}", error.message());
        error.with_message(message)
    }

    /// The fold that the fit under way holds out.
    pub(super) fn fold(&self) -> usize {
        self.fold
    }

    /// Mean and spread of each figure over the folds.
    pub(super) fn summary(&self) -> CrossValidation {
        let figures = summarize(&self.figures).into_iter().filter_map(|figure| {
            let (mean, standard_deviation) = (figure.mean?, figure.standard_deviation);
            Some(FoldMetric { name: figure.name, mean, standard_deviation })
        });
        CrossValidation { folds: self.n_folds as u64, seed: self.seed, figures: figures.collect() }
    }

    /// Tests each fold once more on it, by the calibration and the threshold that the rows of the other folds give: figures of
    /// the whole recipe. A fold has none where they give no calibration or no threshold.
    ///
    /// # Errors
    /// Those of [`Scored::of`] and [`Scored::report`].
    pub(super) fn test_recipe(&mut self, pipeline: &Pipeline) -> Result<()> {
        for (fold, model) in std::mem::take(&mut self.models).into_iter().enumerate() {
            match self.learn(pipeline, Some(fold)) {
                Ok((calibration, decision)) => {
                    let held_out = self.select(|row| self.fold_of[row] == fold)?;
                    let model = model.with_decision(calibration, decision)?;
                    let scored = Scored::of(&model, &held_out)?;
                    self.figures[fold] = scored.report(&model, &held_out)?.figures();
                    if pipeline.conformal {
                        self.add_conformal(&model, &held_out, &scored);
                    }
                }
                Err(_) => self.figures[fold].iter_mut().for_each(|(_, value)| *value = None),
            }
        }
        Ok(())
    }

    fn add_conformal(&mut self, model: &Model, held_out: &Dataset, scored: &Scored) {
        for (row, outputs) in scored.rows.iter().zip(scored.outputs.chunks_exact(model.n_outputs())) {
            let weight = held_out.weights().get(*row).copied().unwrap_or(1.0);
            self.conformal.add(model, outputs, held_out.target().value(*row), weight);
        }
    }

    /// How far the predictions may be off, learnt from the folds that the recipe was tested on.
    ///
    /// # Errors
    /// Those of [`ConformalScores::bounds`].
    pub(super) fn conformal(&mut self) -> Result<(Conformal, Option<Note>)> {
        std::mem::take(&mut self.conformal).bounds()
    }

    /// The calibration and the threshold that a pipeline asks for, learnt from the folds.
    ///
    /// # Errors
    /// Those of [`Calibration::platt`], [`Calibration::isotonic`] and [`ThresholdRule::choose`].
    pub(super) fn decide(folds: Option<&Self>, pipeline: &Pipeline) -> Result<(Option<Calibration>, Option<Decision>)> {
        match folds {
            Some(folds) => folds.learn(pipeline, None),
            None => learn(pipeline, Link::Logistic, &[], &[], &[]),
        }
    }

    /// The same without the rows of one fold.
    fn learn(&self, pipeline: &Pipeline, without: Option<usize>) -> Result<(Option<Calibration>, Option<Decision>)> {
        let (mut scores, mut is_positive, mut weights) = (Vec::new(), Vec::new(), Vec::new());
        for row in (0..self.scored_in.len()).filter(|row| Some(self.scored_in[*row]) != without) {
            scores.push(self.scores[row]);
            is_positive.push(self.is_positive[row]);
            weights.extend(self.weights.get(row));
        }
        learn(pipeline, self.link, &scores, &is_positive, &weights)
    }
}

/// The calibration and the threshold that a pipeline asks for, from rows of two classes with their scores.
fn learn(
    pipeline: &Pipeline,
    link: Link,
    scores: &[f64],
    is_positive: &[bool],
    weights: &[f64],
) -> Result<(Option<Calibration>, Option<Decision>)> {
    let fit = |method| Calibration::fit(method, link, scores, is_positive, weights);
    let calibration = pipeline.calibrate.map(fit).transpose()?;
    let decision = match pipeline.threshold {
        None => None,
        Some(ThresholdRule::Fixed(threshold)) => {
            Some(Decision { threshold, rule: Some(ThresholdRule::Fixed(threshold).reason()) })
        }
        Some(rule) => {
            let share = |score: &f64| match &calibration {
                Some(calibration) => calibration.probabilities(link, *score)[0],
                None => link.probability(*score),
            };
            let probabilities: Vec<f64> = scores.iter().map(share).collect();
            let chosen = rule.choose(is_positive, &probabilities, weights)?;
            Some(Decision { threshold: chosen.row.threshold, rule: Some(rule.reason()) })
        }
    };
    Ok((calibration, decision))
}
