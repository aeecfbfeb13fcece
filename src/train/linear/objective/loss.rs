//! The losses.

use super::row_losses::RowLosses;
use super::{logistic, multinomial, squared_error};
use bincode::{Decode, Encode};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub(super) enum Loss {
    SquaredError,
    Logistic,
    Multinomial,
}

impl Loss {
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    pub(super) fn evaluate(self, rows: RowLosses<'_>) {
        match self {
            Self::SquaredError => squared_error::evaluate(rows),
            Self::Logistic => logistic::evaluate(rows),
            Self::Multinomial => multinomial::evaluate(rows),
        }
    }
}
