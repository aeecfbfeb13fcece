//! The payload of format version 2: that of version 1, and after it how the fit was made.

use super::checks::check_provenance;
use super::payload_v1::PayloadV1;
use super::sequence::Sequence;
use crate::error::Result;
use crate::model::{Fitting, Model};
use crate::preprocess::{self, Scale};
use crate::train::ClassWeight;
use bincode::BorrowDecode;

#[derive(BorrowDecode)]
pub(super) struct PayloadV2<'a> {
    before: PayloadV1<'a>,
    fitting: FittingV2<'a>,
}

#[derive(BorrowDecode)]
struct FittingV2<'a> {
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

impl PayloadV2<'_> {
    /// The live model, checked.
    #[inline(never)]
    pub(super) fn into_model(self, digest: [u8; 32]) -> Result<Model> {
        let mut model = self.before.into_model(digest)?;
        let FittingV2 { standardize, intercept, class_weight, weights, rounds, warnings } = self.fitting;
        let before = Fitting::default();
        // A fit that did not standardize has standardized columns all the same: it weighed their coefficients otherwise.
        let scale = if standardize { Scale::Standard } else { Scale::None };
        model.provenance.fitting = Fitting {
            preprocess: preprocess::Options { scale, ..before.preprocess },
            intercept,
            class_weight: match class_weight {
                ClassWeightV2::Equal => ClassWeight::Equal,
                ClassWeightV2::Balanced => ClassWeight::Balanced,
            },
            weights: weights.map(str::to_owned),
            rounds,
            warnings: warnings.0.into_iter().map(str::to_owned).collect(),
        };
        check_provenance(&model.provenance)?;
        Ok(model)
    }
}
