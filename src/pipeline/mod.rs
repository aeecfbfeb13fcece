//! From a table to a model in one go: what the command line and the page both do when they train.

mod contest;
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
    use crate::train::{Learner, boosting};

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
        let boosting = Learner::from(boosting::Options { rounds: 5, ..boosting::Options::default() });
        let rows = two_classes();
        // Too few rows for a tree: the rival is given up in its first fold.
        let few = Table::parse(b"x,y\n1,5\n2,7\n3,8\n4,11\n5,13\n6,14\n").unwrap();
        for (table, rival) in [(&rows, None), (&rows, Some(boosting.clone())), (&few, Some(boosting))] {
            let pipeline = Pipeline { folds: Some(3), rival, ..Pipeline::new("y") };
            let mut training = Training::new(&Dataset::new(table, &pipeline.roles).unwrap(), &pipeline).unwrap();
            let mut before = training.progress().fraction;
            while !training.progress().done {
                let now = training.step().unwrap().fraction;
                assert!(now >= before && now <= 1.0, "{now} after {before}");
                before = now;
            }
            assert_eq!(before, 1.0);
        }
    }

    /// The learner that is taken against boosting of some rounds, and the notes that say so.
    fn contest(table: &Table, threshold: Option<ThresholdRule>) -> (Model, Vec<String>) {
        let rival = Learner::from(boosting::Options { rounds: 30, min_rows: 5.0, ..boosting::Options::default() });
        let pipeline = Pipeline { rival: Some(rival), threshold, seed: 3, ..Pipeline::new("y") };
        let model = pipeline.train(table).unwrap();
        assert_eq!(Model::decode(&model.encode().unwrap()).unwrap(), model);
        let notes = model.provenance().unwrap().warnings;
        (model, notes.iter().filter(|note| note.code().starts_with("learner")).map(ToString::to_string).collect())
    }

    #[test]
    fn the_learner_that_predicts_folds_better_is_taken() {
        let line = |i: usize| format!("{},{},{}\n", i * 37 % 101, i * 61 % 89, 3 * (i * 37 % 101) + i * 7919 % 23);
        let line = Table::parse(format!("x,z,y\n{}", (0..200).map(line).collect::<String>()).as_bytes()).unwrap();
        let (model, notes) = contest(&line, None);
        assert!(
            notes.len() == 1
                && notes[0]
                    .starts_with("linear was taken, and not boosting: over 5 folds its root mean squared error is")
        );
        let plain = Pipeline { folds: Some(5), seed: 3, ..Pipeline::new("y") };
        let plain = plain.train(&line).unwrap();
        assert_eq!(plain.estimator(), model.estimator());
        assert_eq!(plain.provenance().unwrap().cross_validation, model.provenance().unwrap().cross_validation);

        let wave = |i: usize| format!("{},{}\n", i * 37 % 101, (i * 37 % 101 / 10) % 2 * 50 + i * 7919 % 23);
        let wave = Table::parse(format!("x,y\n{}", (0..400).map(wave).collect::<String>()).as_bytes()).unwrap();
        let (model, notes) = contest(&wave, None);
        assert!(notes.len() == 1 && notes[0].starts_with("boosting was taken, and not linear"), "{notes:?}");
        assert!(model.estimator().as_linear().is_none());

        // What is learnt on the folds is that of the learner taken.
        let (model, notes) = contest(&two_classes(), Some(ThresholdRule::Youden));
        assert!(notes[0].contains("its log loss is") && model.decision().is_some(), "{notes:?}");
    }

    #[test]
    fn a_rival_that_a_table_does_not_suit_is_left_out() {
        let few = Table::parse(b"x,y\n1,5\n2,7\n3,8\n4,11\n5,13\n6,14\n").unwrap();
        let (model, notes) = contest(&few, None);
        assert!(notes[0].starts_with("boosting was not compared: no split"), "{notes:?}");
        assert!(model.estimator().as_linear().is_some());
        let cross_validation = model.provenance().unwrap().cross_validation.unwrap();
        assert_eq!(cross_validation.folds, 5);
    }
}
