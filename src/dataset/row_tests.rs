//! Tests of what is known of the rows of a [`Dataset`].

use super::*;
use crate::error::ErrorKind;

#[test]
fn blocks_are_the_rows_in_order() {
    let rows: String = (0..2500).map(|i| format!("{i},{},{}\n", i * 2 + 2, i % 3)).collect();
    let table = Table::parse(format!("a,w,y\n{rows}").as_bytes()).unwrap();
    let roles = Roles { target: "y".into(), weights: Some("w".into()), ..Roles::default() };
    let dataset = Dataset::new(&table, &roles).unwrap();
    let kept = dataset.rows();
    assert_eq!(kept.n_blocks(), 3);
    let blocks: Vec<Block<'_>> = (0..3).map(|index| kept.block(index).unwrap()).collect();
    assert_eq!(blocks.iter().map(|block| block.targets.len()).collect::<Vec<_>>(), [1024, 1024, 452]);
    assert_eq!(blocks[1].features[..3], [1024.0, 1025.0, 1026.0]);
    assert_eq!(blocks[2].weights[0], 4098.0);
    assert_eq!(blocks[2].targets[0], (2048 % 3) as f64);
}

fn moments(csv: &str, weights: Option<&str>) -> Result<Moments> {
    let roles = Roles { target: "y".into(), weights: weights.map(str::to_owned), ..Roles::default() };
    Dataset::new(&Table::parse(csv.as_bytes()).unwrap(), &roles)?.moments().cloned()
}

#[test]
fn means_and_population_deviations_of_features_and_target() {
    let found = moments("x,y\n1,5\n3,9\n5,13\n", None).unwrap();
    assert_eq!((found.n_rows, found.weight, found.means[0], found.target_mean), (3, 3.0, 3.0, 9.0));
    assert_eq!((found.variances[0], found.target_spread), (8.0 / 3.0, 32.0));
}

#[test]
fn missing_values_count_when_something_is_put_in_their_place() {
    let found = moments("x,y\n1,5\nNA,9\n5,13\n3,1\n,2\n", None).unwrap();
    assert_eq!((found.means[0], found.missing_weights[0]), (3.0, 2.0));
    // Of 1, 8, 5, 3, 8.
    let (mean, variance) = found.filled(0, 8.0);
    assert!((mean - 5.0).abs() < 1e-15 && (variance - 7.6).abs() < 1e-14, "{mean} {variance}");
}

#[test]
fn a_weight_counts_as_that_many_rows() {
    let weighted = moments("x,w,y\n1,2,a\n4,1,b\n9,0,b\n2,3,a\n", Some("w")).unwrap();
    let repeated = moments("x,y\n1,a\n1,a\n4,b\n2,a\n2,a\n2,a\n", None).unwrap();
    assert_eq!(weighted.class_weights, [5.0, 1.0]);
    assert_eq!((weighted.means, weighted.class_weights), (repeated.means, repeated.class_weights));
    assert!((weighted.variances[0] - repeated.variances[0]).abs() < 1e-15);
}

#[test]
fn weights_that_are_all_zero_are_refused() {
    assert_eq!(moments("x,w,y\n1,0,a\n2,0,b\n3,0,a\n", Some("w")).unwrap_err().kind(), ErrorKind::InvalidWeight);
}
