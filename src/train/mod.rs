//! From a dataset to fitted coefficients with a certificate that they are the optimum.
//!
//! A solver proposes parameters; an objective, which knows nothing of solvers, says how good they are. The
//! certificate is computed from the objective in the same way whoever fitted.

mod certificate;
mod options;

#[cfg(feature = "train")]
mod fit;
#[cfg(feature = "train")]
mod linfa;
#[cfg(feature = "train")]
mod objective;
#[cfg(feature = "train")]
mod rank;
#[cfg(feature = "train")]
mod trainer;

pub use certificate::Certificate;
pub use options::Options;

#[cfg(feature = "train")]
pub use fit::Fit;
#[cfg(feature = "train")]
pub use trainer::Trainer;
