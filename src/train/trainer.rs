//! Preprocess, fit, certify.

use super::objective::Objective;
use super::{Certificate, Fit, Options, linfa, rank};
use crate::dataset::{Dataset, Target};
use crate::error::{Decimal, Error, ErrorKind, Result, list_names};
use crate::limits;
use crate::preprocess::{Preprocessor, Scaling};
use crate::table::{Schema, TargetSchema, Task};
use ndarray::Array2;

/// A fit about to be made: options that were checked, on rows that were checked.
#[derive(Debug)]
pub struct Trainer<'a> {
    dataset: &'a Dataset,
    schema: Schema,
    options: Options,
}

impl<'a> Trainer<'a> {
    /// Checks the options and that the rows can be fitted at all.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`], [`ErrorKind::TooFewRows`] when a class has no row or there are fewer rows than
    /// classes, [`ErrorKind::ConstantTarget`], [`ErrorKind::LimitExceeded`].
    pub fn new(dataset: &'a Dataset, options: Options) -> Result<Self> {
        options.check()?;
        let mut n_outputs = 1;
        let schema = dataset.schema();
        match &schema.target {
            TargetSchema::Classes { name, classes, counts } => {
                let refuse = |message: String| Err(Error::new(ErrorKind::TooFewRows, message).in_column(name));
                if dataset.n_rows() < classes.len() {
                    let (n_rows, n_classes) = (dataset.n_rows(), classes.len());
                    return refuse(format!(
                        "expected at least {n_classes} rows for {n_classes} classes, found {n_rows}"
                    ));
                }
                for (class, count) in classes.iter().zip(counts) {
                    if *count == 0 {
                        return refuse(format!("the class {class} has no row to train on"));
                    }
                }
                n_outputs = classes.len();
            }
            TargetSchema::Number { name, minimum, maximum, .. } => {
                if minimum == maximum {
                    let message =
                        format!("every row has the value {}; expected at least two values", Decimal(*minimum));
                    return Err(Error::new(ErrorKind::ConstantTarget, message).in_column(name));
                }
                let spread = maximum - minimum;
                if !(spread * spread * dataset.n_rows() as f64).is_finite() {
                    let message = "the values are too large to fit; rescale the column";
                    return Err(Error::new(ErrorKind::NotFinite, message).in_column(name));
                }
            }
        }
        let (n_rows, n_features) = (dataset.n_rows(), dataset.n_features());
        limits::check_product("parameters (features times classes)", n_features, n_outputs, limits::PARAMETERS)?;
        limits::check_product("rows times classes", n_rows, n_outputs, limits::CELLS)?;
        if dataset.task() == Task::Regression && options.l2.is_some_and(|l2| l2 > 0.0) {
            // The penalty is a row for each feature.
            limits::check_product("rows and features times features", n_rows + n_features, n_features, limits::CELLS)?;
        }
        Ok(Self { dataset, schema, options })
    }

    /// Fits and certifies.
    ///
    /// # Errors
    /// [`ErrorKind::DependentColumns`] naming the columns, for least squares without a penalty;
    /// [`ErrorKind::NotConverged`] with the figure, unless [`Options::accept_unconverged`], and for classes that are
    /// separable where there is no penalty, since that fit has no optimum;
    /// [`ErrorKind::FitFailed`] when the solver gives up; those of [`Preprocessor::fit`].
    pub fn run(self) -> Result<Fit> {
        let Self { dataset, schema, options } = self;
        let preprocessor = Preprocessor::fit(dataset)?;
        let design = preprocessor.transform(dataset);
        let l2 = options.l2.unwrap_or(match dataset.task() {
            Task::Classification => 1.0,
            Task::Regression => 0.0,
        });
        let objective = Objective::new(design.view(), dataset.target(), l2);
        let (parameters, solver) = match dataset.target() {
            Target::Classes { codes, .. } => {
                let parameters = linfa::fit_classes(&design, codes, &objective, l2, options.max_iterations)?;
                (parameters, "linfa-logistic")
            }
            Target::Numbers(targets) => {
                if l2 == 0.0 {
                    refuse_dependent(dataset, &preprocessor, &design)?;
                }
                (linfa::fit_numbers(design.view(), targets, l2)?, "linfa-linear")
            }
        };
        let certificate = objective.certify(&parameters, options.tolerance);
        let figures = [certificate.relative_gradient, certificate.objective];
        if !parameters.iter().chain(&figures).all(|number| number.is_finite()) {
            return Err(linfa::refuse(solver));
        }
        if l2 == 0.0 && objective.separates(&parameters) {
            let message = "the features tell classes apart without error, so without a penalty the coefficients grow \
                           without end and there is no optimum; give an l2 above 0";
            return Err(Error::new(ErrorKind::NotConverged, message));
        }
        if !certificate.converged() && !options.accept_unconverged {
            return Err(not_converged(&certificate, solver));
        }
        let width = design.ncols() + 1;
        Ok(Fit {
            schema,
            preprocessor,
            coefficients: parameters.chunks_exact(width).map(|output| output[..width - 1].to_vec()).collect(),
            intercepts: parameters.chunks_exact(width).map(|output| output[width - 1]).collect(),
            certificate,
            l2,
            solver,
            n_rows: dataset.n_rows() as u64,
            table_digest: dataset.table_digest(),
        })
    }
}

fn not_converged(certificate: &Certificate, solver: &str) -> Error {
    let Certificate { relative_gradient, tolerance, objective } = *certificate;
    let (relative_gradient, tolerance, objective) =
        (Decimal(relative_gradient), Decimal(tolerance), Decimal(objective));
    let message = format!(
        "{solver} stopped short of the optimum: the relative gradient is {relative_gradient}, expected at most \
         {tolerance} (objective {objective}); try a stronger l2 or fewer features, or accept the fit as unconverged"
    );
    Error::new(ErrorKind::NotConverged, message)
}

fn refuse_dependent(dataset: &Dataset, preprocessor: &Preprocessor, design: &Array2<f64>) -> Result<()> {
    let dependent = rank::dependent_columns(design.view());
    if dependent.is_empty() {
        return Ok(());
    }
    let varying: Vec<&str> = dataset
        .feature_names()
        .iter()
        .zip(preprocessor.scalings())
        .filter(|(_, scaling)| **scaling != Scaling::Constant)
        .map(|(name, _)| name.as_str())
        .collect();
    let names = list_names(dependent.iter().map(|index| varying[*index]));
    let message = format!(
        "on these {} rows the columns {names} are linear combinations of the columns before them, so least squares \
         has no single answer; drop them, or give an l2 above 0",
        dataset.n_rows()
    );
    Err(Error::new(ErrorKind::DependentColumns, message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Roles;
    use crate::table::Table;

    fn dataset(csv: &str) -> Dataset {
        let roles = Roles { target: "y".into(), ..Roles::default() };
        Dataset::new(&Table::parse(csv.as_bytes()).unwrap(), &roles).unwrap()
    }

    #[test]
    fn a_line_is_found_exactly() {
        let data = dataset("x,y\n1,5\n2,7\n3,9\n4,11\n5,13\n");
        let fit = Trainer::new(&data, Options::default()).unwrap().run().unwrap();
        assert!(fit.certificate.converged(), "{:?}", fit.certificate);
        assert!((fit.coefficients[0][0] - 8f64.sqrt()).abs() < 1e-15);
        assert_eq!(fit.intercepts, [9.0]);
    }

    #[test]
    fn dependent_columns_are_named() {
        let data = dataset("a,c,b,y\n1,7,2,1\n2,7,4,3\n4,7,8,2\n3,7,6,5\n");
        let error = Trainer::new(&data, Options::default()).unwrap().run().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::DependentColumns);
        assert!(error.message().contains("columns \"b\" are"), "{error}");
        let ridge = Options { l2: Some(1.0), ..Options::default() };
        assert!(Trainer::new(&data, ridge).unwrap().run().unwrap().certificate.converged());
    }

    #[test]
    fn a_constant_target_is_refused() {
        let error = Trainer::new(&dataset("x,y\n1,5\n2,5\n"), Options::default()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConstantTarget);
    }

    #[test]
    fn classes_without_rows_are_refused() {
        let data = dataset("x,y\n1,a\n2,b\n3,c\n4,a\n");
        for rows in [&[0, 1][..], &[0, 1, 3]] {
            let part = data.select(rows).unwrap();
            assert_eq!(Trainer::new(&part, Options::default()).unwrap_err().kind(), ErrorKind::TooFewRows);
        }
    }

    #[test]
    fn a_fit_short_of_its_optimum_is_refused_with_the_figure() {
        let rows: String = (0..40).map(|i| format!("{},{},{}\n", i, (i * 7) % 13, ["a", "b"][i / 3 % 2])).collect();
        let data = dataset(&format!("u,v,y\n{rows}"));
        // No sum of rounded terms gets this near to zero.
        let short = Options { tolerance: 1e-300, ..Options::default() };
        let error = Trainer::new(&data, short.clone()).unwrap().run().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotConverged);
        assert!(error.message().contains("the relative gradient is"), "{error}");
        let accepted = Options { accept_unconverged: true, ..short };
        let fit = Trainer::new(&data, accepted).unwrap().run().unwrap();
        assert!(!fit.certificate.converged());
    }
}
