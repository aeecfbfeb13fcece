//! What the columns of a table hold, before their roles are chosen.

use super::quantile::Quantiles;
use crate::error::Decimal;
use crate::note::Note;
use crate::numeric::order::sorted_positions;
use crate::table::{ColumnScan, FileFormat, Kind, Table, Values};
use serde::Serialize;
use std::collections::BTreeMap;

/// How many parts the range of a column of numbers is cut into.
const PARTS: usize = 20;

/// The most values of a column of anything else that are named.
const NAMED: usize = 20;

/// What the columns of a table hold.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TableProfile {
    /// How many rows there are.
    pub rows: u64,
    /// Column by column.
    pub columns: Vec<ColumnProfile>,
    /// What was found out about how the table was written down, in sentences.
    pub notes: Vec<Note>,
    /// How the table's file is written down; `None` for one that was made in memory.
    pub read: Option<FileFormat>,
}

/// What a column holds, as far as it was found out.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ColumnProfile {
    /// Its name.
    pub name: String,
    /// What it is taken to hold.
    pub kind: Kind,
    /// Why, in words.
    pub reason: Note,
    /// Rows without a value.
    pub missing: u64,
    /// The smallest, middle and largest number, and the mean; `None` where it holds anything else, or nothing finite.
    pub minimum: Option<f64>,
    /// See `minimum`.
    pub median: Option<f64>,
    /// See `minimum`.
    pub mean: Option<f64>,
    /// See `minimum`.
    pub maximum: Option<f64>,
    /// Of numbers the rows in 20 equal parts of the range, the largest value in the last; empty for anything else.
    pub histogram: Vec<u64>,
    /// The commonest 20 values of anything but numbers, the commonest first, in sorted order where they are as common.
    pub categories: Vec<CategoryCount>,
    /// How many different values there are of anything but numbers.
    pub distinct: u64,
}

/// A value and its rows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CategoryCount {
    /// The cells' text; of numbers as a program writes them.
    pub category: String,
    /// Rows.
    pub rows: u64,
}

impl TableProfile {
    /// Looks at every cell.
    pub fn of(table: &Table) -> Self {
        let columns: Vec<ColumnProfile> =
            (0..table.columns().len()).map(|place| ColumnProfile::of(table, place)).collect();
        let mut notes = table.notes().to_vec();
        for (place, _) in columns.iter().enumerate().filter(|(_, column)| column.kind == Kind::Number) {
            notes.extend_from_slice(table.number_notes(place));
        }
        Self { rows: table.n_rows() as u64, columns, notes, read: table.file_format().cloned() }
    }
}

impl ColumnProfile {
    fn of(table: &Table, place: usize) -> Self {
        let mut scan = ColumnScan::of_feature();
        table.scan(place, &mut scan);
        let column = &table.columns()[place];
        let (kind, reason) = scan.kind(&column.name);
        let mut profile = Self {
            name: column.name.clone(),
            kind,
            reason,
            missing: scan.n_missing,
            minimum: None,
            median: None,
            mean: None,
            maximum: None,
            histogram: Vec::new(),
            categories: Vec::new(),
            distinct: 0,
        };
        if matches!(kind, Kind::Number | Kind::Date) {
            profile.look_at_numbers(numbers(table, place));
        } else {
            profile.look_at_texts(table, place);
        }
        profile
    }

    fn look_at_numbers(&mut self, numbers: Vec<f64>) {
        let (low, high) =
            numbers.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(*x), high.max(*x)));
        self.histogram = vec![0; PARTS];
        // Half of each, since the whole range may overflow.
        let range = high / 2.0 - low / 2.0;
        for number in &numbers {
            let share = if range > 0.0 { (number / 2.0 - low / 2.0) / range } else { 0.0 };
            self.histogram[((share * PARTS as f64) as usize).min(PARTS - 1)] += 1;
        }
        let n = numbers.len() as f64;
        if let Some(quantiles) = Quantiles::of(numbers.clone()) {
            // Each divided before they are added, so that large ones do not overflow.
            let mean: f64 = numbers.iter().map(|number| number / n).sum();
            (self.minimum, self.maximum) = (Some(low), Some(high));
            (self.median, self.mean) = (Some(quantiles.median), Some(mean.clamp(low, high)));
        }
    }

    fn look_at_texts(&mut self, table: &Table, place: usize) {
        let counts = match (table.texts(place).as_deref(), &table.columns()[place].values) {
            (Some(texts), _) | (None, Values::Text(texts)) => {
                counted((0..table.n_rows()).filter_map(|row| texts.get(row).map(str::to_owned)))
            }
            (None, Values::Numbers(numbers)) => {
                counted(numbers.iter().filter(|number| !number.is_nan()).map(|number| Decimal(*number).to_string()))
            }
        };
        self.distinct = counts.len() as u64;
        let counts: Vec<(String, u64)> = counts.into_iter().collect();
        let commonest = sorted_positions(counts.len(), &|a, b| counts[b].1.cmp(&counts[a].1));
        let named = commonest.into_iter().take(NAMED).map(|position| counts[position].clone());
        self.categories = named.map(|(category, rows)| CategoryCount { category, rows }).collect();
    }
}

/// The finite numbers of a column; a stray text is passed over.
fn numbers(table: &Table, place: usize) -> Vec<f64> {
    let numbers: Vec<f64> = match &table.columns()[place].values {
        Values::Numbers(numbers) => numbers.clone(),
        Values::Text(texts) => (0..table.n_rows())
            .filter_map(|row| texts.get(row))
            .filter_map(|text| table.column_format(place).number(text))
            .collect(),
    };
    numbers.into_iter().filter(|number| number.is_finite()).collect()
}

fn counted(texts: impl Iterator<Item = String>) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    texts.for_each(|text| *counts.entry(text).or_default() += 1);
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(csv: &str) -> ColumnProfile {
        let profile = TableProfile::of(&Table::parse(csv.as_bytes()).unwrap());
        profile.columns.into_iter().next().unwrap()
    }

    #[test]
    fn numbers_have_a_range_and_a_histogram() {
        let x = column("x,y\n1,0\n2,0\nNA,0\n21,0\nsix,0\n4,0\n");
        assert_eq!((x.kind, x.missing, x.minimum, x.maximum), (Kind::Number, 1, Some(1.0), Some(21.0)));
        assert_eq!((x.median, x.mean), (Some(3.0), Some(7.0)));
        assert_eq!((x.histogram.iter().sum::<u64>(), x.histogram[0], x.histogram[19]), (4, 1, 1));
        assert!(x.categories.is_empty() && x.reason == "most cells are numbers");
        let huge = column("x,y\n-1.5e308,0\n1.5e308,0\n0,0\n");
        assert_eq!((huge.histogram[0], huge.histogram[10], huge.histogram[19]), (1, 1, 1));
        assert_eq!(huge.mean, Some(0.0));
    }

    #[test]
    fn anything_else_has_its_commonest_values() {
        let c = column("c,y\nv,0\nu,0\nw,0\nu,0\n,0\nv,0\n");
        let counts: Vec<_> = c.categories.iter().map(|count| (count.category.as_str(), count.rows)).collect();
        assert_eq!((c.kind, c.missing, c.distinct), (Kind::Category, 1, 3));
        assert_eq!(counts, [("u", 2), ("v", 2), ("w", 1)]);
        let constant = column("c,y\n7,0\n7,1\n");
        assert_eq!((constant.kind, constant.categories[0].category.as_str()), (Kind::Constant, "7"));
        let id = column(&format!("id,y\n{}", (0..50).map(|i| format!("{i},0\n")).collect::<String>()));
        assert_eq!((id.kind, id.distinct, id.categories.len()), (Kind::Identifier, 50, 20));
    }
}
