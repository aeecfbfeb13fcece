//! From raw feature values to the rows that an estimator sees. Fitted on training rows only, carried in the model.

mod scale;

pub use scale::Scaling;

#[cfg(feature = "train")]
use crate::{
    dataset::Moments,
    error::{Error, ErrorKind, Result},
    table::Schema,
};

/// One [`Scaling`] per feature. A row of `n_features` raw values becomes a row of [`Preprocessor::n_outputs`]: constant
/// features are left out, since they cannot tell rows apart and would make least squares indeterminate.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "train", derive(bincode::Encode, bincode::Decode))]
pub struct Preprocessor {
    scalings: Vec<Scaling>,
}

impl Preprocessor {
    /// A preprocessor of fitted scalings, in the order of the features.
    pub fn new(scalings: Vec<Scaling>) -> Self {
        Self { scalings }
    }

    /// Fits a scaling to each feature by its moments over the training rows; `centred` for a fit with an intercept.
    ///
    /// # Errors
    /// [`ErrorKind::NotFinite`] naming a column whose values are too large to standardize,
    /// [`ErrorKind::NoFeatures`] when every feature is constant.
    #[cfg(feature = "train")]
    pub(crate) fn fit(moments: &Moments, schema: &Schema, centred: bool) -> Result<Self> {
        let moments_of = moments.means.iter().zip(&moments.variances);
        let scalings = moments_of.zip(&schema.features).map(|((mean, variance), feature)| {
            Scaling::fit(*mean, *variance, moments.n_rows, centred).map_err(|error| error.in_column(&feature.name))
        });
        let fitted = Self { scalings: scalings.collect::<Result<_>>()? };
        if fitted.n_outputs() == 0 {
            let message = "every feature has one value only; there is nothing to predict from";
            return Err(Error::new(ErrorKind::NoFeatures, message));
        }
        Ok(fitted)
    }

    /// The scalings, in the order of the features.
    pub fn scalings(&self) -> &[Scaling] {
        &self.scalings
    }

    /// How many numbers a transformed row has.
    pub fn n_outputs(&self) -> usize {
        self.scalings.iter().filter(|scaling| **scaling != Scaling::Constant).count()
    }

    /// Writes a transformed row: `raw` has one value per feature, `out` is replaced.
    pub(crate) fn transform_row(&self, raw: &[f64], out: &mut Vec<f64>) {
        out.clear();
        out.extend(self.scalings.iter().zip(raw).filter_map(|(scaling, value)| scaling.apply(*value)));
    }
}

#[cfg(all(test, feature = "train"))]
mod tests {
    use super::*;
    use crate::dataset::Dataset;

    fn fit(csv: &str) -> Result<Preprocessor> {
        let dataset = Dataset::of_csv(csv, "y")?;
        Preprocessor::fit(&dataset.moments()?, dataset.schema(), true)
    }

    #[test]
    fn constant_features_are_left_out() {
        let preprocessor = fit("a,c,b,y\n1,7,10,u\n3,7,30,v\n5,7,20,u\n").unwrap();
        assert_eq!(preprocessor.scalings()[1], Scaling::Constant);
        let mut row = Vec::new();
        preprocessor.transform_row(&[3.0, 8.0, 20.0], &mut row);
        assert_eq!(row, [0.0, 0.0]);
    }

    #[test]
    fn tables_without_a_varying_feature_are_refused() {
        assert_eq!(fit("a,y\n1,u\n1,v\n1,u\n").unwrap_err().kind(), ErrorKind::NoFeatures);
    }

    #[test]
    fn columns_too_large_to_standardize_are_named() {
        let error = fit("a,b,y\n1,1e200,u\n2,-1e200,v\n3,1e200,u\n").unwrap_err();
        assert_eq!((error.kind(), error.place().column.as_deref()), (ErrorKind::NotFinite, Some("b")));
    }
}
