//! Categories that not every part of a table has.

use super::{Dataset, InMemoryRows, Surveyed};
use crate::error::Result;
use crate::table::{Domain, Field, Label, Labels, Schema};
use std::borrow::Cow;

impl Dataset {
    /// The rows with only the categories that they have. Where positions are what a fit sees, those of rows that were held
    /// out must not count.
    ///
    /// # Errors
    /// None that the rows did not have before.
    pub(crate) fn with_own_categories(&self) -> Result<Cow<'_, Self>> {
        let mut header = Cow::Borrowed(&self.surveyed.header);
        for (at, feature) in self.schema().features.iter().enumerate() {
            if let Domain::Category { categories, counts, .. } = &feature.domain
                && counts.contains(&0)
            {
                header.to_mut().set_categories(at, categories.those(|position| counts[position] > 0));
            }
        }
        let Cow::Owned(header) = header else { return Ok(Cow::Borrowed(self)) };
        let mut features = self.rows.features.clone();
        let fields = self.schema().features.iter().zip(header.fields());
        for ((feature, field), mut values) in fields.zip(features.columns_mut()) {
            if let (Domain::Category { categories, .. }, Field::Category { categories: own, .. }) =
                (&feature.domain, field)
            {
                values.iter_mut().for_each(|value| *value = recoded(*value, categories, own));
            }
        }
        let rows = InMemoryRows { features, target: self.target().clone(), weights: self.weights().to_vec() };
        let surveyed = Surveyed { digest: self.digest(), ..rows.survey(header, false)? };
        Ok(Cow::Owned(Self { rows, has_missing: self.has_missing.clone(), surveyed, notes: self.notes.clone() }))
    }

    /// A row as a model with this schema takes it: its categories may have other positions there, and one that it does not
    /// have is past its last.
    pub(crate) fn row_for(&self, schema: &Schema, row: &[f64], values: &mut Vec<f64>) {
        values.clear();
        let features = self.schema().features.iter().zip(&schema.features);
        values.extend(row.iter().zip(features).map(|(value, (own, other))| match (&own.domain, &other.domain) {
            (Domain::Category { categories, .. }, Domain::Category { categories: other, .. })
                if categories != other =>
            {
                recoded(*value, categories, other)
            }
            _ => *value,
        }));
    }
}

/// The position of a category among others; their number where it is none of them, and NaN where it is missing.
fn recoded(value: f64, categories: &Labels, others: &Labels) -> f64 {
    let label: Option<Label<'_>> = if value.is_nan() { None } else { categories.get(value as usize) };
    match label {
        Some(label) => others.position(label).unwrap_or(others.len()) as f64,
        None if value.is_nan() => value,
        None => others.len() as f64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_those_among_the_categories_of_the_rows() {
        let csv = "c,x,y\nu,1,5\nw,2,7\nv,3,9\n,4,8\nw,5,3\nu,6,2\n";
        let data = Dataset::of_csv(csv, "y").unwrap();
        assert!(matches!(data.with_own_categories().unwrap(), Cow::Borrowed(_)));
        let part = data.select(&[0, 1, 3, 4]).unwrap();
        let own = part.with_own_categories().unwrap();
        let Domain::Category { categories, counts, .. } = &own.schema().features[0].domain else {
            panic!("a category")
        };
        assert_eq!(
            (categories.as_text().unwrap(), counts.as_slice()),
            (&["u".to_owned(), "w".to_owned()][..], &[1, 2][..])
        );
        let values: Vec<f64> = own.features().column(0).to_vec();
        assert!(values[..2] == [0.0, 1.0] && values[2].is_nan() && values[3] == 1.0, "{values:?}");
        assert_eq!((own.features().column(1), own.digest()), (part.features().column(1), data.digest()));
        let mut row = Vec::new();
        data.row_for(own.schema(), &[2.0, 9.0], &mut row);
        assert_eq!(row, [1.0, 9.0]);
        data.row_for(own.schema(), &[1.0, 9.0], &mut row);
        assert_eq!(row, [2.0, 9.0]);
    }
}
