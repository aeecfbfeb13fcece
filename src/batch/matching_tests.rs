//! Tests of [`Matching`] together with [`BatchPredictor`].

use super::BatchPredictor;
use super::matching::*;
use crate::error::{ErrorKind, Result};
use crate::model::Model;
use crate::pipeline::Pipeline;
use crate::table::ReadOptions;
use crate::table::Table;

fn model() -> Model {
    let row = |i: usize| format!("{},{},{}\n", i * 7 % 13, ["u", "v"][i % 2], i * i % 5 % 2);
    let csv = format!("weight_kg,group,y\n{}", (0..40).map(row).collect::<String>());
    Pipeline::new("y").train(&Table::parse(csv.as_bytes()).unwrap()).unwrap()
}

fn matching(csv: &str, chosen: &[(&str, &str)]) -> Result<Matching> {
    let chosen: Vec<_> = chosen.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    Matching::new(&model(), csv.as_bytes(), true, &ReadOptions::default(), &chosen)
}

const FILE: &str = "id,Weight.kg,group\n7,3,u\n8,four,w\n";

#[test]
fn a_name_that_does_not_fit_is_suggested_and_can_be_chosen() {
    let open = matching(FILE, &[]).unwrap();
    assert_eq!((open.column(0), open.column(1)), (None, Some("group")));
    assert_eq!(open.suggestion("weight_kg"), Some("Weight.kg"));
    assert_eq!(open.preview(&model(), FILE.as_bytes(), true, 20).unwrap()[0].outputs, None);
    let error = BatchPredictor::of(&model(), open).unwrap_err();
    assert_eq!(error.to_string(), "column \"weight_kg\": no column is read for it");

    let chosen = matching(FILE, &[("weight_kg", "Weight.kg")]).unwrap();
    assert_eq!((chosen.column(0), chosen.suggestion("weight_kg")), (Some("Weight.kg"), None));
    assert!(BatchPredictor::of(&model(), chosen).is_ok());
}

#[test]
fn a_column_is_read_for_one_feature_only() {
    let taken = matching(FILE, &[("weight_kg", "group")]).unwrap();
    assert_eq!((taken.column(0), taken.column(1)), (Some("group"), None));
    let error = matching(FILE, &[("weight_kg", "id"), ("group", "id")]).unwrap_err();
    let message = "column \"id\": it is chosen for \"weight_kg\" and for \"group\"; choose another for one";
    assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::InvalidOption, message));
}

#[test]
fn every_cell_of_a_preview_says_what_is_wrong_with_it() {
    let chosen = matching(FILE, &[("weight_kg", "Weight.kg")]).unwrap();
    let rows = chosen.preview(&model(), FILE.as_bytes(), true, 20).unwrap();
    assert_eq!((rows.len(), rows[0].number, rows[1].number), (2, 2, 3));
    assert_eq!((rows[0].outputs.as_ref().map(Vec::len), rows[0].problems.len()), (Some(2), 0));
    assert_eq!(rows[1].cells, ["8", "four", "w"]);
    let problems: Vec<_> = rows[1].problems.iter().map(|(place, error)| (*place, error.to_string())).collect();
    assert_eq!((problems[0].0, problems[1].0, &rows[1].outputs), (Some(1), Some(2), &None));
    assert!(problems[0].1.starts_with("expected a number, found \"four\""), "{problems:?}");
    assert!(problems[1].1.starts_with("no training row has the category \"w\""), "{problems:?}");
}

#[test]
fn a_value_that_the_model_needs_is_named_as_in_the_file() {
    let file = "Weight.kg,group\n3,u\n,v\n";
    let row = |i: usize| format!("{},{}\n", i, i * i % 5 % 2);
    let table = format!("weight_kg,y\n{}", (0..40).map(row).collect::<String>());
    let model = Pipeline::new("y").train(&Table::parse(table.as_bytes()).unwrap()).unwrap();
    let chosen = [("weight_kg".to_owned(), "Weight.kg".to_owned())];
    let open = || Matching::new(&model, file.as_bytes(), true, &ReadOptions::default(), &chosen).unwrap();
    let rows = open().preview(&model, file.as_bytes(), true, 20).unwrap();
    assert_eq!((rows[0].problems.len(), rows[1].problems.len(), rows[1].problems[0].0), (0, 1, Some(0)));
    let mut errors = Vec::new();
    let scored = BatchPredictor::of(&model, open()).unwrap().score(file.as_bytes(), true, 0, |row| {
        errors.extend(row.outputs.err().map(|error| error.to_string()));
        Ok(())
    });
    scored.unwrap();
    let message = "column \"Weight.kg\": the value is missing, and every training row had one; give one, or train the model with \
                   --impute-always and a value to impute";
    assert_eq!(errors, [message]);
}

#[test]
fn names_that_are_not_there_are_refused() {
    assert_eq!(matching(FILE, &[("wieght", "id")]).unwrap_err().kind(), ErrorKind::UnknownFeature);
    assert_eq!(matching(FILE, &[("weight_kg", "di")]).unwrap_err().kind(), ErrorKind::UnknownColumn);
    assert_eq!(matching("", &[]).unwrap_err().kind(), ErrorKind::Empty);
}
