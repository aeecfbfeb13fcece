//! From raw feature values to the rows that an estimator sees. Fitted on training rows only, carried in the model.

mod scale;

pub use scale::Scaling;

#[cfg(feature = "train")]
use crate::{
    dataset::Dataset,
    error::{Error, ErrorKind, Result},
};
#[cfg(feature = "train")]
use ndarray::{Array2, Axis};

/// One [`Scaling`] per feature. A row of `n_features` raw values becomes a row of [`Preprocessor::n_outputs`]: constant
/// features are left out, since they cannot tell rows apart and would make least squares indeterminate.
#[derive(Debug, Clone, PartialEq)]
pub struct Preprocessor {
    scalings: Vec<Scaling>,
}

impl Preprocessor {
    /// A preprocessor of fitted scalings, in the order of the features.
    pub fn new(scalings: Vec<Scaling>) -> Self {
        Self { scalings }
    }

    /// Fits a scaling to each feature of the training rows.
    ///
    /// # Errors
    /// [`ErrorKind::NotFinite`] naming a column whose values are too large to standardize,
    /// [`ErrorKind::NoFeatures`] when every feature is constant.
    #[cfg(feature = "train")]
    pub fn fit(dataset: &Dataset) -> Result<Self> {
        let columns = dataset.features();
        let scalings: Vec<Scaling> = columns
            .axis_iter(Axis(1))
            .zip(dataset.feature_names())
            .map(|(values, name)| Scaling::fit(&values.to_vec()).map_err(|error| error.in_column(name)))
            .collect::<Result<_>>()?;
        let fitted = Self { scalings };
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

    /// The transformed rows, shape (rows, [`Preprocessor::n_outputs`]), row-major.
    #[cfg(feature = "train")]
    pub(crate) fn transform(&self, dataset: &Dataset) -> Array2<f64> {
        let mut design = Array2::zeros((dataset.n_rows(), self.n_outputs()));
        let mut transformed = Vec::with_capacity(self.n_outputs());
        for (raw, mut row) in dataset.features().rows().into_iter().zip(design.rows_mut()) {
            self.transform_row(&raw.to_vec(), &mut transformed);
            row.iter_mut().zip(&transformed).for_each(|(cell, value)| *cell = *value);
        }
        design
    }
}

#[cfg(all(test, feature = "train"))]
mod tests {
    use super::*;
    use crate::dataset::Roles;
    use crate::table::Table;

    fn fit(csv: &str) -> Result<(Preprocessor, Dataset)> {
        let dataset = Dataset::new(&Table::parse(csv.as_bytes())?, &Roles { target: "y".into(), ..Roles::default() })?;
        Ok((Preprocessor::fit(&dataset)?, dataset))
    }

    #[test]
    fn constant_features_are_left_out() {
        let (preprocessor, dataset) = fit("a,c,b,y\n1,7,10,u\n3,7,30,v\n5,7,20,u\n").unwrap();
        assert_eq!(preprocessor.scalings()[1], Scaling::Constant);
        let design = preprocessor.transform(&dataset);
        assert_eq!(design.dim(), (3, 2));
        assert!(design.mean_axis(Axis(0)).unwrap().iter().all(|mean| mean.abs() < 1e-15));
    }

    #[test]
    fn tables_without_a_varying_feature_are_refused() {
        assert_eq!(fit("a,y\n1,u\n1,v\n1,u\n").unwrap_err().kind(), ErrorKind::NoFeatures);
        let error = fit("a,y\n1e308,u\n-1e308,v\n1e308,u\n").unwrap_err();
        assert_eq!((error.kind(), error.place().column.as_deref()), (ErrorKind::NotFinite, Some("a")));
    }
}
