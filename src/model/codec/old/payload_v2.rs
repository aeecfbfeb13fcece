//! The payload of format version 2: that of version 1, and after it how the fit was made.

use super::payload_v1::PayloadV1;
use super::payload_v3::{PayloadV3, ScaleV3};
use super::sequence::Sequence;
use crate::error::Result;
use bincode::BorrowDecode;

#[derive(BorrowDecode)]
pub(super) struct PayloadV2<'a> {
    before: PayloadV1<'a>,
    standardize: bool,
    intercept: bool,
    class_weight: ClassWeightV2,
    weights: Option<&'a str>,
    rounds: u64,
    warnings: Sequence<&'a str>,
}

#[derive(BorrowDecode)]
enum ClassWeightV2 {
    Equal,
    Balanced,
}

impl<'a> PayloadV2<'a> {
    pub(super) fn into_v3(self) -> Result<PayloadV3<'a>> {
        let mut payload = self.before.into_v3()?;
        let fitting = &mut payload.fitting;
        // A fit that did not standardize has standardized columns all the same: it weighed their coefficients otherwise.
        fitting.scale = if self.standardize { ScaleV3::Standard } else { ScaleV3::None };
        fitting.intercept = self.intercept;
        fitting.balanced = matches!(self.class_weight, ClassWeightV2::Balanced);
        fitting.weights = self.weights;
        fitting.rounds = self.rounds;
        fitting.warnings = self.warnings;
        Ok(payload)
    }
}
