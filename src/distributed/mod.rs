//! One fit by several workers, each of which reads a share of a file's blocks.
//!
//! The [`Coordinator`] asks, every [`Worker`] answers for its blocks, and the answers are merged in the order of the
//! blocks. The model has the same bytes for any number of workers. Questions and answers are bytes, to be carried by
//! whatever joins the workers: in a page, messages between Web Workers. They name their version and their build.
//!
//! `examples/workers.rs` is a whole program: one coordinator, three workers in threads.

mod coordinator;
mod message;
mod worker;

pub use coordinator::Coordinator;
pub use message::merge;
pub use worker::Worker;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Dataset;
    use crate::error::{ErrorKind, Result};
    use crate::pipeline::Pipeline;
    use crate::pipeline::Training;
    use crate::table::ReadOptions;
    use crate::table::Table;
    use crate::train::{Options, Solver};

    fn scanned(csv: &str, pipeline: &Pipeline) -> Result<Coordinator> {
        let mut coordinator = Coordinator::new(&pipeline.roles, &ReadOptions::default());
        while let Some((first, length)) = coordinator.wants(csv.len() as u64) {
            let end = first as usize + length;
            coordinator.push(&csv.as_bytes()[first as usize..end], end == csv.len())?;
        }
        Ok(coordinator)
    }

    fn answer(share: &mut Worker, csv: &str, question: &[u8]) -> Result<Vec<u8>> {
        share.begin(question)?;
        while let Some((first, length)) = share.part()? {
            share.feed(&csv.as_bytes()[first as usize..][..length])?;
        }
        share.answer()
    }

    /// The model file, by so many workers.
    fn fit(csv: &str, pipeline: &Pipeline, n_shares: usize, memory: u64) -> Result<Vec<u8>> {
        let mut coordinator = scanned(csv, pipeline)?;
        let layout = coordinator.layout()?;
        let share = |index| Worker::new(&layout, index, n_shares, memory);
        let mut shares: Vec<Worker> = (0..n_shares).map(share).collect::<Result<_>>()?;
        let mut has_begun = false;
        loop {
            while let Some(question) = coordinator.ask()? {
                let answers =
                    shares.iter_mut().map(|share| answer(share, csv, &question)).collect::<Result<Vec<_>>>()?;
                coordinator.tell(&answers)?;
            }
            if has_begun {
                return coordinator.finish()?.encode();
            }
            has_begun = true;
            coordinator.fit(pipeline)?;
        }
    }

    fn csv() -> String {
        let row = |i: usize| {
            let (a, b) = ((i * 7919 % 10007) as f64 / 100.0, (i * 31 % 89) as f64 / 7.0);
            format!("{a},{b},{},{}\n", 2.0 * a - b, ["x", "y", "z"][(i * i + i / 7) % 5 % 3])
        };
        format!("a,b,c,class\n{}", (0..9000).map(row).collect::<String>())
    }

    #[test]
    fn one_four_or_forty_workers_give_the_file_of_a_fit_in_memory() {
        let csv = csv();
        for (l2, target, drop) in [(1.0, "class", "c"), (0.0, "class", "b"), (0.0, "b", "class")] {
            for solver in [Solver::Newton, Solver::Lbfgs] {
                let options = Options { l2: Some(l2), solver, ..Options::default() };
                let mut pipeline = Pipeline { learner: options.into(), ..Pipeline::new(target) };
                pipeline.roles.drop = vec![drop.into()];
                let dataset = Dataset::new(&Table::parse(csv.as_bytes()).unwrap(), &pipeline.roles).unwrap();
                let mut training = Training::new(&dataset, &pipeline).unwrap();
                while !training.progress().done {
                    training.step().unwrap();
                }
                let expected = training.finish().unwrap().model.encode().unwrap();
                for (n_shares, memory) in [(1, 0), (4, u64::MAX), (2, 100_000), (40, 0)] {
                    assert!(fit(&csv, &pipeline, n_shares, memory).unwrap() == expected, "{n_shares} by {solver:?}");
                }
            }
        }
    }

    #[test]
    fn a_share_that_meets_a_bad_row_says_where() {
        let csv = csv().replacen(",x\n", ",x\n1,bad,2,x\n", 2000);
        let error = fit(&csv, &Pipeline::new("class"), 3, 0).unwrap_err();
        assert_eq!((error.kind(), error.place().column.as_deref()), (ErrorKind::NotANumber, Some("b")));
        assert_eq!(error.place().row, Some(csv.lines().position(|line| line == "1,bad,2,x").unwrap() as u64 + 1));
    }

    #[test]
    fn answers_may_be_merged_on_the_way_in_any_order() {
        let csv = csv();
        let coordinator = scanned(&csv, &Pipeline::new("class")).unwrap();
        let (layout, question) = (coordinator.layout().unwrap(), coordinator.ask().unwrap().unwrap());
        let answer = |index| answer(&mut Worker::new(&layout, index, 5, 0).unwrap(), &csv, &question).unwrap();
        let answers: Vec<Vec<u8>> = (0..5).map(answer).collect();
        let of = |indices: &[usize]| {
            merge(&indices.iter().map(|index| answers[*index].clone()).collect::<Vec<_>>()).unwrap()
        };
        let whole = merge(&answers).unwrap();
        assert_eq!(of(&[3, 0, 4, 2, 1]), whole);
        assert_eq!(merge(&[of(&[4, 1]), of(&[0, 3]), of(&[2])]).unwrap(), whole);
    }

    #[test]
    fn messages_that_do_not_fit_together_are_refused() {
        let csv = csv();
        let pipeline = Pipeline::new("class");
        let internal = |outcome: Result<()>| assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Internal);
        let mut coordinator = Coordinator::new(&pipeline.roles, &ReadOptions::default());
        internal(coordinator.layout().map(drop));
        coordinator = scanned(&csv, &pipeline).unwrap();
        internal(coordinator.push(b"more", true));
        let question = coordinator.ask().unwrap().unwrap();
        let mut first = Worker::new(&coordinator.layout().unwrap(), 0, 2, 0).unwrap();
        internal(first.answer().map(drop));
        let other = |outcome: Result<()>, kind| assert_eq!(outcome.unwrap_err().kind(), kind);
        other(first.begin(&[&[9], &question[1..]].concat()), ErrorKind::UnsupportedVersion);
        internal(first.begin(&question[..question.len() - 1]));
        let answered = answer(&mut first, &csv, &question).unwrap();
        internal(coordinator.tell(std::slice::from_ref(&answered)));
        other(coordinator.tell(&[answered.clone(), answered]), ErrorKind::InvalidRequest);
        internal(coordinator.tell(&[vec![255; 40]]));
        internal(Worker::new(&[1, 2, 3], 0, 1, 0).map(drop));
        let layout = coordinator.layout().unwrap();
        other(Worker::new(&layout, 2, 2, 0).map(drop), ErrorKind::InvalidRequest);
        other(Worker::new(&layout, 0, 0, 0).map(drop), ErrorKind::InvalidRequest);
        other(Worker::new(&layout, usize::MAX, usize::MAX, 0).map(drop), ErrorKind::InvalidRequest);
        Worker::new(&layout, usize::MAX - 1, usize::MAX, 0).unwrap();
        internal(coordinator.fit(&pipeline));
        first.begin(&question).unwrap();
        internal(first.feed(b"1,2"));
    }
}
