//! From a dataset to a fitted estimator.
//!
//! A [`Learner`] is what is fitted, with its options. A fit is a job that asks questions about all rows. Each question
//! is answered block by block, by any thread, worker or machine, and the answers are merged in one fixed tree. So the
//! same rows give the same bits, whatever computed them. Each learner lives in a folder of its own.
//! Trees are fitted to rows in memory and are no job.

pub mod calibrate;
mod choice;
mod conformal;
mod fit;
mod job;
mod learner;
pub mod linear;
mod penalty;
pub(crate) mod prepare;
mod progress;
mod rows;
mod trainer;
mod trees;

pub use choice::{LearnerChoice, LearnerName, TreesChoice};
pub use conformal::ConformalScores;
pub use fit::Fit;
pub(crate) use job::{Answer, Job, PreparedBlock, Question, Setup};
pub use learner::Learner;
pub use linear::{Options, Solver, Start};
pub use progress::Progress;
pub use trainer::Trainer;
pub use trees::{boosting, forest};
