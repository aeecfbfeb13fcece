//! What a fit found.

use super::{Certificate, Inference, Options};
use crate::preprocess::Preprocessor;
use crate::table::Schema;

/// A fit's result: everything a model needs but its name and date.
#[derive(Debug, Clone)]
pub struct Fit {
    /// What the training rows held.
    pub schema: Schema,
    /// The preprocessing fitted on them.
    pub preprocessor: Preprocessor,
    /// One vector per output, over the prepared columns. A regression and a binary classification (the score of
    /// the second class) have one output, a multinomial classification one per class, in class order.
    pub coefficients: Vec<Vec<f64>>,
    /// One number per output; 0 for a fit without an intercept.
    pub intercepts: Vec<f64>,
    /// The proof that this is the optimum, or the figure by which it is not.
    pub certificate: Certificate,
    /// The strength of the penalty that was used.
    pub l2: f64,
    /// The options that were asked for.
    pub options: Options,
    /// The column of sample weights, if there was one.
    pub weights: Option<String>,
    /// Who fitted: `newton`, `lbfgs`, `linfa-logistic` or `linfa-linear`, the last two also "finished by" another.
    pub solver: String,
    /// How many rounds the engine took: evaluations of the loss on every row.
    pub rounds: u64,
    /// What a person should know of the answer, in sentences.
    pub warnings: Vec<String>,
    /// How many rows were fitted on.
    pub n_rows: u64,
    /// The digest of the table they come from.
    pub table_digest: [u8; 32],
    /// How sure the coefficients are.
    pub inference: Inference,
}

/// What a fit takes over from its rows into the model.
#[derive(Debug)]
pub(crate) struct Origin {
    pub(crate) schema: Schema,
    pub(crate) n_rows: usize,
    pub(crate) weights: Option<String>,
    pub(crate) table_digest: [u8; 32],
    /// What is known of them that a person should know.
    pub(crate) notes: Vec<String>,
}
