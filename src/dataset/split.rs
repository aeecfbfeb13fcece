//! Holding rows out.

use super::{Dataset, Target};
use crate::error::{Decimal, Error, ErrorKind, Result};
use crate::numeric::order::sorted_positions;
use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

impl Dataset {
    /// Parts the rows at random into (training, held out). The split is stratified: of each class the same fraction
    /// is held out, to within a row, and each class keeps at least one row for training. Fewer rows than asked are held
    /// out only where classes are too small to give theirs. The seed decides which rows are held out, and which classes
    /// give the odd row. Both parts keep the order of the table. The same seed gives the same split on every target.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`] unless 0 < `fraction` < 1, [`ErrorKind::TooFewRows`] when either part would be
    /// empty.
    pub fn split(&self, fraction: f64, seed: u64) -> Result<(Self, Self)> {
        if !(fraction > 0.0 && fraction < 1.0) {
            let message = format!("expected a fraction to hold out between 0 and 1, found {}", Decimal(fraction));
            return Err(Error::new(ErrorKind::InvalidOption, message));
        }
        let mut generator = Xoshiro256PlusPlus::seed_from_u64(seed);
        let mut order: Vec<usize> = (0..self.n_rows()).collect();
        order.shuffle(&mut generator);
        let class_of = |row: usize| match self.target() {
            Target::Classes { codes, .. } => codes[row],
            Target::Numbers(_) => 0,
        };
        let mut classes: Vec<Vec<usize>> = Vec::new();
        for row in order {
            let class = class_of(row);
            classes.resize(classes.len().max(class + 1), Vec::new());
            classes[class].push(row);
        }

        let quota = |class: usize| classes[class].len() as f64 * fraction;
        let mut n_held_out: Vec<usize> = (0..classes.len()).map(|class| quota(class) as usize).collect();
        let n_wanted = (self.n_rows() as f64 * fraction).round() as usize;
        let mut n_missing = n_wanted.saturating_sub(n_held_out.iter().sum());
        // The odd rows are of the classes that are furthest from their fraction, and of equally far ones by chance.
        let mut by_chance: Vec<usize> = (0..classes.len()).collect();
        by_chance.shuffle(&mut generator);
        let rest = |position: usize| quota(by_chance[position]).fract();
        for position in sorted_positions(classes.len(), &|a, b| rest(b).total_cmp(&rest(a))) {
            let class = by_chance[position];
            if n_missing > 0 && n_held_out[class] + 1 < classes[class].len() {
                n_held_out[class] += 1;
                n_missing -= 1;
            }
        }

        let mut is_held_out = vec![false; self.n_rows()];
        for (rows, n_held_out) in classes.iter().zip(n_held_out) {
            // Spread over the class: a row is held out whenever the running share passes a whole number.
            let share = |n: usize| (n * 2 * n_held_out + rows.len()) / (2 * rows.len());
            for (position, row) in rows.iter().enumerate() {
                is_held_out[*row] = share(position + 1) > share(position);
            }
        }
        let (held_out, training): (Vec<usize>, Vec<usize>) = (0..self.n_rows()).partition(|row| is_held_out[*row]);
        if held_out.is_empty() {
            let message =
                format!("holding out {} of {} rows leaves none to evaluate on", Decimal(fraction), self.n_rows());
            return Err(Error::new(ErrorKind::TooFewRows, message));
        }
        Ok((self.select(&training)?, self.select(&held_out)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::TargetSchema;

    #[test]
    fn the_split_is_stratified_seeded_and_complete() {
        let mut csv = String::from("x,y\n");
        (0..100).for_each(|i| csv.push_str(&format!("{i},{}\n", if i % 10 == 0 { "rare" } else { "common" })));
        let data = Dataset::of_csv(&csv, "y").unwrap();
        let (training, held_out) = data.split(0.2, 7).unwrap();
        assert_eq!((training.n_rows(), held_out.n_rows()), (80, 20));
        let TargetSchema::Classes { counts, .. } = &held_out.schema().target else { panic!("expected classes") };
        assert_eq!(*counts, [18, 2]);
        let mut all: Vec<f64> = training.features().iter().chain(held_out.features().iter()).copied().collect();
        all.sort_by(f64::total_cmp);
        assert_eq!(all, (0..100).map(f64::from).collect::<Vec<_>>());
        assert_eq!(data.split(0.2, 7).unwrap().1.features(), held_out.features());
        assert_ne!(data.split(0.2, 8).unwrap().1.features(), held_out.features());
    }

    #[test]
    fn a_class_of_one_row_stays_in_training() {
        for seed in 0..20 {
            let (training, _) = Dataset::of_csv("x,y\n1,a\n2,a\n3,b\n4,a\n", "y").unwrap().split(0.5, seed).unwrap();
            let TargetSchema::Classes { counts, .. } = &training.schema().target else { panic!("expected classes") };
            assert!(counts.iter().all(|count| *count > 0), "seed {seed}: {counts:?}");
        }
    }

    #[test]
    fn as_many_rows_are_held_out_as_asked_of_classes_of_any_size() {
        for n_of_class in [2, 3, 4, 7] {
            let row = |i: usize| format!("{i},c{:02}\n", i % 10);
            let csv = format!("x,y\n{}", (0..10 * n_of_class).map(row).collect::<String>());
            let data = Dataset::of_csv(&csv, "y").unwrap();
            for fraction in [0.2, 0.25, 0.3, 0.5] {
                let of_classes = |seed: u64| {
                    let (training, held_out) = data.split(fraction, seed).unwrap();
                    assert_eq!(held_out.n_rows(), (10.0 * n_of_class as f64 * fraction).round() as usize);
                    let TargetSchema::Classes { counts, .. } = &training.schema().target else {
                        panic!("expected classes")
                    };
                    assert!(counts.iter().all(|count| *count > 0), "{n_of_class} rows, {fraction}: {counts:?}");
                    counts.clone()
                };
                let of_seeds: Vec<_> = (0..20).map(of_classes).collect();
                let is_whole = n_of_class as f64 * fraction % 1.0 == 0.0;
                assert_eq!(of_seeds.iter().all(|counts| *counts == of_seeds[0]), is_whole, "{n_of_class}, {fraction}");
            }
        }
    }

    #[test]
    fn classes_of_one_row_cost_the_others_no_more_than_a_row() {
        let row = |i: usize| format!("{i},c{:02}\n", i.min(10));
        let data = Dataset::of_csv(&format!("x,y\n{}", (0..21).map(row).collect::<String>()), "y").unwrap();
        for seed in 0..20 {
            // Ten classes of a row, and one of eleven.
            let (_, held_out) = data.split(0.5, seed).unwrap();
            assert_eq!(held_out.n_rows(), 6, "seed {seed}");
        }
    }

    #[test]
    fn a_class_gives_the_row_that_a_small_one_cannot() {
        let row = |i: usize| {
            format!(
                "{i},{}\n",
                if i < 3 {
                    "few"
                } else if i < 10 {
                    "some"
                } else {
                    "many"
                }
            )
        };
        let data = Dataset::of_csv(&format!("x,y\n{}", (0..60).map(row).collect::<String>()), "y").unwrap();
        for seed in 0..20 {
            // Shares of 2.7, 6.3 and 45; the first two have to keep a row.
            assert_eq!(data.split(0.9, seed).unwrap().1.n_rows(), 54, "seed {seed}");
        }
    }

    #[test]
    fn splits_without_rows_are_refused() {
        let data = Dataset::of_csv("x,y\n1,a\n2,a\n3,b\n", "y").unwrap();
        for fraction in [0.0, 1.0, -0.5, f64::NAN] {
            assert_eq!(data.split(fraction, 1).unwrap_err().kind(), ErrorKind::InvalidOption);
        }
        assert_eq!(data.split(0.01, 1).unwrap_err().kind(), ErrorKind::TooFewRows);
    }
}
