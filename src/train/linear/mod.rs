//! Linear, logistic and multinomial regression.
//!
//! The objective is a loss summed over rows, plus a penalty. The minimizer asks for its derivatives at trial
//! parameters, and never accesses rows. The derivatives are sums over rows, computed block by block and merged. One
//! function computes the certificate of every solver.

mod dependence;
mod derivatives;
mod design;
mod fit;
mod gap;
#[cfg(feature = "linfa")]
mod linfa;
mod minimizer;
mod objective;
mod options;
mod problem;
mod question;
mod row_space;
mod sample;
mod separation;
mod standard_errors;
mod standardization;
mod start;
mod student;

pub(crate) use design::DesignBlock;
pub(super) use fit::LinearFit;
pub use options::{Options, Solver};
pub(super) use problem::LinearProblem;
pub(super) use question::{Answer, Question};
pub use start::Start;

use crate::dataset::Dataset;
use crate::error::Result;

/// Starts the fit at linfa's solution, if linfa is the solver.
///
/// # Errors
/// [`crate::error::ErrorKind::InvalidOption`] for an option that linfa does not support, and in a build without linfa.
#[cfg(feature = "linfa")]
pub(super) fn begin(fit: &mut LinearFit, dataset: &Dataset, blocks: &[&DesignBlock]) -> Result<()> {
    if fit.options().solver != Solver::Linfa {
        return Ok(());
    }
    let problem = fit.problem();
    let proposal = linfa::propose(dataset, &problem.objective, blocks, problem.l2, fit.options())?;
    fit.go_on_from(proposal.solver, proposal.parameters);
    Ok(())
}

#[cfg(not(feature = "linfa"))]
pub(super) fn begin(fit: &mut LinearFit, _: &Dataset, _: &[&DesignBlock]) -> Result<()> {
    use crate::error::{Error, ErrorKind};
    match fit.options().solver {
        Solver::Linfa => {
            let message = "this build is without linfa; leave the solver out, or choose newton or lbfgs";
            Err(Error::new(ErrorKind::InvalidOption, message))
        }
        _ => Ok(()),
    }
}
