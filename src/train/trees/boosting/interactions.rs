//! Features that may stand together on a way to a leaf.

use super::directions::feature_named;
use crate::error::{Error, ErrorKind, Result};
use crate::model::Interactions;
use crate::preprocess::Preprocessor;
use crate::table::Schema;
use crate::train::trees::matrix::BinMatrix;
use crate::train::trees::together::Together;

/// Which columns may stand together. All columns of a feature may, where the feature may.
///
/// # Errors
/// [`ErrorKind::UnknownColumn`], and [`ErrorKind::InvalidOption`] for a group that has a name twice, or none.
pub(super) fn together(
    interactions: &Interactions,
    schema: &Schema,
    preprocessor: &Preprocessor,
    matrix: &BinMatrix,
) -> Result<Together> {
    let n_features = schema.features.len();
    let mut groups_of: Vec<Vec<u32>> = vec![Vec::new(); n_features];
    match interactions {
        Interactions::All => return Ok(Together::All),
        Interactions::None => groups_of.iter_mut().zip(0..).for_each(|(groups, feature)| groups.push(feature)),
        Interactions::Groups(named) => {
            let refuse = |message: &str| Error::new(ErrorKind::InvalidOption, message);
            for (group, names) in (0..).zip(named) {
                if names.is_empty() {
                    return Err(refuse(
                        "a group of features that interact has no name; name some, or leave the group out",
                    ));
                }
                for name in names {
                    let feature = feature_named(schema, name).map_err(|error| {
                        let message = format!("features that interact: {}", error.message());
                        error.with_message(message)
                    })?;
                    let groups = &mut groups_of[feature];
                    if groups.last() == Some(&group) {
                        return Err(refuse("a group of features that interact names it twice").in_column(name));
                    }
                    groups.push(group);
                }
            }
            let rest = named.len() as u32;
            groups_of.iter_mut().filter(|groups| groups.is_empty()).for_each(|groups| groups.push(rest));
        }
    }
    let of_prepared: Vec<usize> = preprocessor.columns().map(|(feature, _)| feature).collect();
    Ok(Together::Groups(matrix.prepared().iter().map(|at| groups_of[of_prepared[*at]].clone()).collect()))
}
