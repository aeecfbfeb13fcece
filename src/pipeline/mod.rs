//! From a table to a model in one go: what the command line and the page both do when they train.

mod settings;
mod training;
mod validation;

pub use settings::Pipeline;
pub use training::{Outcome, Training};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Dataset;
    use crate::error::ErrorKind;
    use crate::evaluate::ThresholdRule;
    use crate::model::Model;
    use crate::model::Split;
    use crate::table::DroppedColumn;
    use crate::table::Table;
    use crate::train::calibrate::CalibrationMethod;

    const LINE: &[u8] = b"x,id,y\n1,a,5\n2,b,7\n3,c,9\n4,d,11\n5,e,13\n";

    fn without_id(names: &[&str]) -> Pipeline {
        let mut pipeline = Pipeline::new("y");
        pipeline.roles.drop = names.iter().map(|name| (*name).to_owned()).collect();
        pipeline
    }

    #[test]
    fn every_row_is_fitted_on_unless_some_are_held_out() {
        let table = Table::parse(LINE).unwrap();
        let all = without_id(&["id"]);
        let model = all.train(&table).unwrap();
        assert_eq!((model.provenance().unwrap().n_rows, model.provenance().unwrap().evaluation), (5, None));
        let part = Pipeline { test: Some(0.4), seed: 3, ..all }.train(&table).unwrap();
        assert_eq!(part.provenance().unwrap().n_rows, 3);
        let evaluation = part.provenance().unwrap().evaluation.unwrap();
        assert_eq!(evaluation.split, Some(Split { fraction: 0.4, seed: 3 }));
    }

    #[test]
    fn a_column_dropped_twice_is_dropped_once() {
        let model = without_id(&["id", "id"]).train(&Table::parse(LINE).unwrap()).unwrap();
        assert_eq!(model.schema().dropped, [DroppedColumn { name: "id".into(), reason: None }]);
        assert_eq!(Model::decode(&model.encode().unwrap()).unwrap(), model);
    }

    #[test]
    fn a_fit_can_begin_at_another_model() {
        let rows: String = (0..60).map(|i| format!("{},{},{}\n", i * 7 % 11, i * 5 % 13, i * i % 7 % 2)).collect();
        let table = Table::parse(format!("u,v,y\n{rows}").as_bytes()).unwrap();
        let pipeline = Pipeline::new("y");
        let first = pipeline.train(&table).unwrap();
        // The same columns in another order.
        let turned: String = (0..60).map(|i| format!("{},{},{}\n", i * 5 % 13, i * 7 % 11, i * i % 7 % 2)).collect();
        let turned = Table::parse(format!("v,u,y\n{turned}").as_bytes()).unwrap();
        let mut again = Training::new(&Dataset::new(&turned, &pipeline.roles).unwrap(), &pipeline).unwrap();
        again.start_from(&first).unwrap();
        assert!(again.step().unwrap().relative_gradient < 1e-9);
        let other = Table::parse(format!("u,w,y\n{rows}").as_bytes()).unwrap();
        let mut other = Training::new(&Dataset::new(&other, &pipeline.roles).unwrap(), &pipeline).unwrap();
        assert_eq!(other.start_from(&first).unwrap_err().kind(), ErrorKind::InvalidOption);
    }

    #[test]
    fn a_column_to_drop_must_exist() {
        let table = Table::parse(LINE).unwrap();
        let error = without_id(&["ids"]).train(&table).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnknownColumn);
        assert!(error.message().contains("did you mean \"id\"?"), "{error}");
    }

    /// Two classes that a feature tells apart now and then, and a category beside it.
    fn two_classes() -> Table {
        let row = |i: usize| {
            let (x, wave) = (i * 37 % 101, i * 61 % 89);
            let class = if x + wave > 95 { "yes" } else { "no" };
            format!("{x},{},{class}\n", ["u", "v", "w"][i % 3])
        };
        Table::parse(format!("x,c,y\n{}", (0..240).map(row).collect::<String>()).as_bytes()).unwrap()
    }

    #[test]
    fn folds_give_a_mean_and_a_spread() {
        let table = two_classes();
        let pipeline = Pipeline { folds: Some(4), seed: 5, ..Pipeline::new("y") };
        let model = pipeline.train(&table).unwrap();
        let folds = model.provenance().unwrap().cross_validation.unwrap();
        assert_eq!((folds.folds, folds.seed), (4, 5));
        let accuracy = folds.figures.iter().find(|figure| figure.name == "accuracy").unwrap();
        assert!(accuracy.mean > 0.7 && accuracy.standard_deviation.unwrap() < 0.2, "{accuracy:?}");
        // The model itself is fitted to every row, as without folds.
        let plain = Pipeline::new("y").train(&table).unwrap();
        assert_eq!((plain.estimator(), plain.provenance().unwrap().n_rows), (model.estimator(), 240));
        assert_eq!(Model::decode(&model.encode().unwrap()).unwrap(), model);
    }

    #[test]
    fn probabilities_are_calibrated_and_a_threshold_is_chosen_on_folds() {
        let table = two_classes();
        for method in [CalibrationMethod::Platt, CalibrationMethod::Isotonic] {
            let threshold = Some(ThresholdRule::Sensitivity(0.95));
            let pipeline = Pipeline { calibrate: Some(method), threshold, test: Some(0.25), ..Pipeline::new("y") };
            let model = pipeline.train(&table).unwrap();
            assert!(
                model.calibration().is_some() && model.decision().unwrap().threshold < 0.5,
                "{:?}",
                model.decision()
            );
            let evaluation = model.provenance().unwrap().evaluation.unwrap();
            assert_eq!((evaluation.thresholds.len(), evaluation.confusion.len()), (19, 2));
            assert_eq!(Model::decode(&model.encode().unwrap()).unwrap(), model);
        }
    }

    #[test]
    fn what_only_two_classes_have_is_refused_for_others() {
        let pipeline = Pipeline { calibrate: Some(CalibrationMethod::Platt), ..Pipeline::new("y") };
        let error = pipeline.train(&Table::parse(b"x,y\n1,5\n2,7\n3,8\n4,11\n5,13\n").unwrap()).unwrap_err();
        assert_eq!(error.to_string(), "calibration and thresholds are for a target of two classes");
    }

    #[test]
    fn progress_goes_through_the_folds_and_never_back() {
        let pipeline = Pipeline { folds: Some(3), ..Pipeline::new("y") };
        let mut training = Training::new(&Dataset::new(&two_classes(), &pipeline.roles).unwrap(), &pipeline).unwrap();
        let mut before = training.progress().fraction;
        while !training.progress().done {
            let now = training.step().unwrap().fraction;
            assert!(now >= before, "{now} after {before}");
            before = now;
        }
        assert_eq!(before, 1.0);
    }
}
