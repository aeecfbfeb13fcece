//! What each feature adds to a score.

use tepal::model::Model;
use tepal::pipeline::Pipeline;
use tepal::table::{Label, Table};
use tepal::train::Learner;

fn model(target: &str, positive: Option<&str>) -> Model {
    let row = |i: usize| {
        let x = if i % 7 == 2 { String::new() } else { (i * 37 % 23).to_string() };
        format!("{x},{},{},{}\n", ["u", "v", "w"][i * 7 % 11 % 3], i * 11 % 17, ["a", "b"][i * 5 % 7 % 2])
    };
    let csv = format!("x,c,n,y\n{}", (0..80).map(row).collect::<String>());
    let mut pipeline = Pipeline::new(target);
    let Learner::Linear(options) = &mut pipeline.learner else { unreachable!() };
    options.preprocess.indicators = true;
    options.preprocess.impute_always = true;
    pipeline.roles.positive = positive.map(str::to_owned);
    pipeline.train(&Table::parse(csv.as_bytes()).unwrap()).unwrap()
}

#[test]
fn the_parts_add_up_to_the_score() {
    for (target, n_outputs) in [("y", 1), ("n", 1), ("c", 3)] {
        let model = model(target, None);
        assert_eq!(model.estimator().n_scores(), n_outputs);
        for row in [[1.0, 1.0, 1.0], [f64::NAN, 0.0, 1.0], [1.0, f64::NAN, f64::NAN]] {
            for explanation in model.explain(&row).unwrap() {
                let total = explanation.baseline + explanation.contributions.iter().sum::<f64>();
                assert!((total - explanation.score).abs() < 1e-12, "{explanation:?}");
            }
        }
    }
}

#[test]
fn a_feature_that_becomes_unknown_moves_its_own_part_only() {
    let model = model("y", None);
    let known = &model.explain(&[20.0, 2.0, 9.0]).unwrap()[0];
    let unknown = &model.explain(&[f64::NAN, 2.0, 9.0]).unwrap()[0];
    assert_ne!(known.contributions[0], unknown.contributions[0]);
    assert_eq!(known.contributions[1..], unknown.contributions[1..]);
    assert_eq!(known.baseline, unknown.baseline);
}

#[test]
fn the_positive_class_is_the_one_explained() {
    let (last, first) = (model("y", None), model("y", Some("a")));
    let row = [3.0, 1.0, 5.0];
    let (b, a) = (&last.explain(&row).unwrap()[0], &first.explain(&row).unwrap()[0]);
    assert_eq!((b.class, a.class), (Some(Label::Text("b")), Some(Label::Text("a"))));
    assert_eq!((b.score, b.contributions[0]), (-a.score, -a.contributions[0]));
}
