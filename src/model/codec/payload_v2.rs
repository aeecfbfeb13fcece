//! The payload of format version 2: that of version 1, and after it how the fit was made.

use super::invalid;
use super::payload_v1::{PayloadV1, Sequence};
use crate::error::Result;
use crate::limits;
use crate::model::{Fitting, Model};
use crate::train::ClassWeight;
use bincode::{BorrowDecode, Encode};

#[derive(Encode, BorrowDecode)]
pub(super) struct PayloadV2<'a> {
    before: PayloadV1<'a>,
    fitting: FittingV2<'a>,
}

#[derive(Encode, BorrowDecode)]
struct FittingV2<'a> {
    standardize: bool,
    intercept: bool,
    class_weight: ClassWeightV2,
    weights: Option<&'a str>,
    rounds: u64,
    warnings: Sequence<&'a str>,
}

#[derive(Encode, BorrowDecode)]
enum ClassWeightV2 {
    Equal,
    Balanced,
}

impl<'a> PayloadV2<'a> {
    #[cfg(feature = "train")]
    pub(super) fn of(model: &'a Model) -> Self {
        let Fitting { standardize, intercept, class_weight, weights, rounds, warnings } = &model.provenance.fitting;
        let fitting = FittingV2 {
            standardize: *standardize,
            intercept: *intercept,
            class_weight: match class_weight {
                ClassWeight::Equal => ClassWeightV2::Equal,
                ClassWeight::Balanced => ClassWeightV2::Balanced,
            },
            weights: weights.as_deref(),
            rounds: *rounds,
            warnings: Sequence(warnings.iter().map(String::as_str).collect()),
        };
        Self { before: PayloadV1::of(model), fitting }
    }

    /// The live model, checked.
    pub(super) fn into_model(self, digest: [u8; 32]) -> Result<Model> {
        let mut model = self.before.into_model(digest)?;
        let FittingV2 { standardize, intercept, class_weight, weights, rounds, warnings } = self.fitting;
        if rounds > limits::WHOLE_NUMBER {
            return Err(invalid("expected a count of rounds of at most 2^53 - 1"));
        }
        model.provenance.fitting = Fitting {
            standardize,
            intercept,
            class_weight: match class_weight {
                ClassWeightV2::Equal => ClassWeight::Equal,
                ClassWeightV2::Balanced => ClassWeight::Balanced,
            },
            weights: weights.map(str::to_owned),
            rounds,
            warnings: warnings.0.into_iter().map(str::to_owned).collect(),
        };
        Ok(model)
    }
}

/// Version 1 did not say: what it does not say was the only way then.
impl<'a> From<PayloadV1<'a>> for PayloadV2<'a> {
    fn from(before: PayloadV1<'a>) -> Self {
        let fitting = FittingV2 {
            standardize: true,
            intercept: true,
            class_weight: ClassWeightV2::Equal,
            weights: None,
            rounds: 0,
            warnings: Sequence(Vec::new()),
        };
        Self { before, fitting }
    }
}
