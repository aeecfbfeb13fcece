//! From a dataset to fitted coefficients with a certificate that they are the optimum.
//!
//! An objective knows rows and says how good parameters are; a solver asks for that at parameters of its choice, and
//! knows no rows. An evaluation is a sum over rows, so it can be made of blocks by anybody and merged. The certificate is
//! computed in the same way whoever fitted.

mod certificate;
mod inference;
mod options;

#[cfg(feature = "train")]
mod design;
#[cfg(feature = "train")]
mod evaluation;
#[cfg(feature = "train")]
mod fit;
#[cfg(feature = "train")]
mod fitting;
#[cfg(feature = "linfa")]
mod linfa;
#[cfg(feature = "train")]
mod objective;
#[cfg(feature = "train")]
mod progress;
#[cfg(feature = "train")]
mod question;
#[cfg(feature = "train")]
mod rank;
#[cfg(feature = "train")]
mod row_space;
#[cfg(feature = "train")]
mod rows;
#[cfg(feature = "train")]
mod sample;
#[cfg(feature = "train")]
mod separation;
#[cfg(feature = "train")]
mod solver;
#[cfg(feature = "train")]
mod standardization;
#[cfg(feature = "train")]
mod start;
#[cfg(feature = "train")]
mod student;
#[cfg(feature = "train")]
mod trainer;

pub use certificate::Certificate;
pub use inference::Inference;
pub use options::{ClassWeight, Options, Solver};

#[cfg(feature = "train")]
pub use fit::Fit;
#[cfg(feature = "train")]
pub use start::Start;
#[cfg(feature = "train")]
pub use {progress::Progress, trainer::Trainer};

#[cfg(feature = "train")]
pub(crate) use {
    design::DesignBlock,
    fitting::Fitting,
    question::{FitAnswer, FitQuestion},
    rows::Prepared,
};
