//! The errors of a fit that failed.

use crate::error::{Decimal, Error, ErrorKind};
use crate::model::Certificate;

pub(super) fn overflow() -> Error {
    let message = "no fit was found for these rows: a number overflowed; rescale the columns, or give a stronger l2";
    Error::new(ErrorKind::FitFailed, message)
}

pub(super) fn nearly_dependent(columns: &str) -> Error {
    let message = format!(
        "without an intercept no fit tells {columns} from linear combinations of the columns before them, from which they differ \
         by less than a millionth; fit with an intercept, or let numbers begin nearer to 0"
    );
    Error::new(ErrorKind::NotConverged, message)
}

pub(super) fn not_converged(certificate: &Certificate, solver: &str, rounds: u64) -> Error {
    let Certificate { relative_gradient, tolerance, objective, gap } = *certificate;
    let gap = match gap.filter(|gap| *gap > Certificate::GAP * tolerance) {
        Some(gap) => format!(", and the objective may be {} of itself above the optimum", Decimal(gap)),
        None => String::new(),
    };
    let (relative_gradient, tolerance, objective) =
        (Decimal(relative_gradient), Decimal(tolerance), Decimal(objective));
    let plural = if rounds == 1 { "" } else { "s" };
    let message = format!(
        "{solver} stopped short of the optimum after {rounds} round{plural}: the relative gradient is {relative_gradient}, \
         expected at most {tolerance} (objective {objective}){gap}; allow more iterations, give a stronger l2, or accept the \
         fit as unconverged"
    );
    Error::new(ErrorKind::NotConverged, message)
}
