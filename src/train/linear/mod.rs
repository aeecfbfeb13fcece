//! Linear, logistic and multinomial regression.
//!
//! An objective knows rows and says how good parameters are. A minimizer asks for that at parameters of its choice, and
//! knows no rows. The derivatives at a point are sums over rows, so they are made block by block and merged. The
//! certificate is computed by the same code for every solver.

mod dependence;
mod derivatives;
mod design;
mod fit;
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

/// Lets linfa propose where to begin, if it was asked for.
///
/// # Errors
/// [`crate::error::ErrorKind::InvalidOption`] for what linfa does not do, and in a build without it.
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
