//! One fit by several workers, each of which reads a share of a file's blocks.
//!
//! The [`Coordinator`] asks, every [`Worker`] answers for its blocks, and the answers are merged in the order of the
//! blocks: the model is the same, to the byte, however many there are. Questions and answers are bytes, to be carried by
//! whatever joins the workers: in a page, messages between Web Workers.

use crate::dataset::{Layout, Roles, Scanner, Survey, SurveyAnswer, SurveyQuestion, Surveyed};
use crate::error::{Error, ErrorKind, Result};
use crate::limits;
use crate::model::Model;
use crate::numeric::tree_sum::{Merge, Node, TreeSum};
use crate::pipeline::Pipeline;
use crate::table::ReadOptions;
use crate::train::{self, Job, PreparedBlock, Progress, Setup};
use bincode::{Decode, Encode};
use std::ops::Range;

#[derive(Debug, Encode, Decode)]
enum Question {
    Survey(SurveyQuestion),
    /// With the first question, what answering takes.
    Fit {
        setup: Option<Setup>,
        question: train::Question,
    },
}

#[derive(Debug, Encode, Decode)]
enum Answer {
    Survey(SurveyAnswer),
    Fit(train::Answer),
}

impl Merge for Answer {
    fn merge(&mut self, later: Self) -> Result<()> {
        match (self, later) {
            (Self::Survey(answer), Self::Survey(later)) => answer.merge(later),
            (Self::Fit(answer), Self::Fit(later)) => answer.merge(later),
            _ => Err(Error::new(ErrorKind::Internal, "answers to two different questions cannot be merged")),
        }
    }
}

/// The worker that leads a fit. It looks at the file once, to find where rows are, and then reads no more of it.
#[derive(Debug)]
pub struct Coordinator {
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    Scan(Scanner),
    Survey(Survey),
    Surveyed(Surveyed),
    Fit {
        job: Job,
        is_first: bool,
        n_blocks: usize,
        name: String,
        created: Option<u64>,
    },
    /// Only while one stage is made of another.
    Between,
}

impl Coordinator {
    /// Begins with a file that nothing is known of.
    pub fn new(roles: &Roles, options: &ReadOptions) -> Self {
        Self { stage: Stage::Scan(Scanner::new(roles.clone(), options.clone())) }
    }

    /// Which part of a file of this size is to be [pushed](Coordinator::push) next, by its first byte and its length;
    /// `None` when all was looked at.
    pub fn wants(&self, size: u64) -> Option<(u64, usize)> {
        match &self.stage {
            Stage::Scan(scanner) => scanner.wants(size),
            _ => None,
        }
    }

    /// Takes in the part that was wanted; `is_end` says that the file ends with it. Afterwards it is known where blocks
    /// begin and which classes there are.
    ///
    /// # Errors
    /// Those of [`crate::table::Table::parse`] and [`crate::dataset::Dataset::new`] that header, width of rows and target
    /// can have.
    pub fn push(&mut self, part: &[u8], is_end: bool) -> Result<()> {
        let Stage::Scan(scanner) = &mut self.stage else { return Err(unexpected()) };
        scanner.push(part, is_end)?;
        if is_end && let Stage::Scan(scanner) = std::mem::replace(&mut self.stage, Stage::Between) {
            self.stage = Stage::Survey(Survey::new(scanner.finish()?));
        }
        Ok(())
    }

    /// What a [`Worker`] needs to know of the file.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] before the file was looked at to its end.
    pub fn layout(&self) -> Result<Vec<u8>> {
        match &self.stage {
            Stage::Survey(survey) => encode(survey.layout()),
            _ => Err(unexpected()),
        }
    }

    /// The most workers that can have a share; 0 before the file was looked at to its end.
    pub fn n_blocks(&self) -> usize {
        match &self.stage {
            Stage::Survey(survey) => survey.layout().n_blocks(),
            Stage::Surveyed(rows) => rows.layout.n_blocks(),
            Stage::Fit { n_blocks, .. } => *n_blocks,
            Stage::Scan(_) | Stage::Between => 0,
        }
    }

    /// The next question to every share; `None` when the stage is over: then comes [`Coordinator::fit`], and after it
    /// [`Coordinator::finish`].
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] when it cannot be written down.
    pub fn ask(&self) -> Result<Option<Vec<u8>>> {
        let question = match &self.stage {
            Stage::Survey(survey) => survey.ask().map(Question::Survey),
            Stage::Fit { job, is_first, .. } => job.ask().map(|question| {
                let setup = is_first.then(|| job.setup());
                Question::Fit { setup, question }
            }),
            Stage::Scan(_) | Stage::Surveyed(_) | Stage::Between => None,
        };
        question.map(|question| encode(&question)).transpose()
    }

    /// Takes in the answers of all shares, in their order.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] when blocks are missing or an answer is to another question; those of a fit.
    pub fn tell(&mut self, answers: &[Vec<u8>]) -> Result<()> {
        let mut total = TreeSum::new();
        let mut n_blocks = 0;
        for answer in answers {
            for (first, size, value) in decode::<Vec<(usize, usize, Answer)>>(answer)? {
                if first != n_blocks {
                    return Err(unexpected());
                }
                n_blocks += size;
                total.push(Node { first, size, value })?;
            }
        }
        if n_blocks != self.n_blocks() {
            return Err(unexpected());
        }
        match (&mut self.stage, total.total()?.ok_or_else(unexpected)?) {
            (Stage::Survey(survey), Answer::Survey(answer)) => {
                survey.tell(answer)?;
                if survey.ask().is_none()
                    && let Stage::Survey(survey) = std::mem::replace(&mut self.stage, Stage::Between)
                {
                    self.stage = Stage::Surveyed(survey.finish()?);
                }
                Ok(())
            }
            (Stage::Fit { job, is_first, .. }, Answer::Fit(answer)) => {
                *is_first = false;
                job.tell(answer)
            }
            _ => Err(unexpected()),
        }
    }

    /// Begins the fit, once all is known of the rows.
    ///
    /// # Errors
    /// Those of [`crate::pipeline::Training::stream`].
    pub fn fit(&mut self, pipeline: &Pipeline) -> Result<()> {
        let Stage::Surveyed(rows) = &self.stage else { return Err(unexpected()) };
        pipeline.check_stream(&rows.schema)?;
        let name = pipeline.model_name(&rows.schema);
        let job = Job::to_stream(rows, pipeline.learner.clone())?;
        let n_blocks = rows.layout.n_blocks();
        self.stage = Stage::Fit { job, is_first: true, n_blocks, name, created: pipeline.created };
        Ok(())
    }

    /// How far the fit is; `None` before it has begun.
    pub fn progress(&self) -> Option<Progress> {
        match &self.stage {
            Stage::Fit { job, .. } => Some(job.progress()),
            _ => None,
        }
    }

    /// The model.
    ///
    /// # Errors
    /// Those of [`train::Trainer::finish`] and [`train::Fit::into_model`].
    pub fn finish(self) -> Result<Model> {
        let Stage::Fit { job, name, created, .. } = self.stage else { return Err(unexpected()) };
        job.finish()?.into_model(name, created)
    }
}

/// A worker's share of the blocks.
///
/// A question is [begun](Worker::begin); then the [part](Worker::part) of the file that is wanted next is read and
/// [fed](Worker::feed) until none is wanted; then there is the [answer](Worker::answer).
#[derive(Debug)]
pub struct Worker {
    layout: Layout,
    blocks: Range<usize>,
    setup: Option<Setup>,
    /// The share's first blocks, ready for the fit, as many as memory holds.
    kept: Vec<PreparedBlock>,
    /// How many bytes they may take up, and do.
    memory: u64,
    used: u64,
    question: Option<Question>,
    sum: TreeSum<Answer>,
    /// The next block to be answered for.
    next: usize,
}

/// About how many bytes of the file are read at a time.
const PART_BYTES: usize = 1 << 20;

impl Worker {
    /// Worker `index` of `n_shares`, from 0 on, of the blocks of a file. Prepared rows are kept in up to `memory` bytes;
    /// those beyond are read again for each question.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] when the layout is not one.
    pub fn new(layout: &[u8], index: usize, n_shares: usize, memory: u64) -> Result<Self> {
        let layout = decode::<Layout>(layout)?;
        let n_shares = n_shares.max(1);
        let bound = |index: usize| index.min(n_shares) * layout.n_blocks() / n_shares;
        let blocks = bound(index)..bound(index + 1);
        Ok(Self {
            next: blocks.start,
            layout,
            blocks,
            setup: None,
            kept: Vec::new(),
            memory,
            used: 0,
            question: None,
            sum: TreeSum::new(),
        })
    }

    /// Takes a question of [`Coordinator::ask`], and answers it for the blocks that are kept.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] for bytes that are no question.
    pub fn begin(&mut self, question: &[u8]) -> Result<()> {
        let mut question = decode(question)?;
        (self.sum, self.next) = (TreeSum::new(), self.blocks.start);
        if let Question::Fit { setup, question } = &mut question {
            if let Some(setup) = setup.take() {
                (self.setup, self.kept, self.used) = (Some(setup), Vec::new(), 0);
            }
            let setup = self.setup.as_ref().ok_or_else(unexpected)?;
            for block in &self.kept {
                self.sum.push_block(self.next, Answer::Fit(setup.answer(question, block)))?;
                self.next += 1;
            }
        }
        self.question = Some(question);
        Ok(())
    }

    /// The part of the file that is wanted next, by its first byte and its length; `None` when there is the answer.
    ///
    /// # Errors
    /// [`ErrorKind::LimitExceeded`] for a block that is too large.
    pub fn part(&self) -> Result<Option<(u64, usize)>> {
        if self.next == self.blocks.end {
            return Ok(None);
        }
        self.layout.bytes(self.next..self.part_end()?).map(Some)
    }

    /// As many blocks as are in about [`PART_BYTES`], and at least one.
    fn part_end(&self) -> Result<usize> {
        let mut end = self.next + 1;
        while end < self.blocks.end && self.layout.bytes(self.next..end + 1)?.1 <= PART_BYTES {
            end += 1;
        }
        Ok(end)
    }

    /// Answers for the blocks in the part that was wanted.
    ///
    /// # Errors
    /// Those of the rows in it; [`ErrorKind::Internal`] for bytes that are not the part.
    pub fn feed(&mut self, part: &[u8]) -> Result<()> {
        let blocks = self.next..self.part_end()?;
        let (start, _) = self.layout.bytes(blocks.clone())?;
        for index in blocks {
            let (first, length) = self.layout.bytes(index..index + 1)?;
            let at = (first - start) as usize;
            let bytes = part.get(at..at + length).ok_or_else(unexpected)?;
            let block = self.layout.block(index, bytes)?;
            let answer = match (&self.question, &self.setup) {
                (Some(Question::Survey(question)), _) => Answer::Survey(question.answer(&self.layout, &block)),
                (Some(Question::Fit { question, .. }), Some(setup)) => {
                    let block = setup.prepare(block);
                    let answer = Answer::Fit(setup.answer(question, &block));
                    let size = 8 * block.size() as u64;
                    if self.blocks.start + self.kept.len() == index && self.used + size <= self.memory {
                        self.used += size;
                        self.kept.push(block);
                    }
                    answer
                }
                _ => return Err(unexpected()),
            };
            self.sum.push_block(index, answer)?;
            self.next = index + 1;
        }
        Ok(())
    }

    /// The answer for this share's blocks.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] before every part was fed.
    pub fn answer(&mut self) -> Result<Vec<u8>> {
        if self.question.take().is_none() || self.next < self.blocks.end {
            return Err(unexpected());
        }
        let nodes = std::mem::replace(&mut self.sum, TreeSum::new()).into_nodes();
        encode(&nodes.into_iter().map(|Node { first, size, value }| (first, size, value)).collect::<Vec<_>>())
    }
}

fn unexpected() -> Error {
    Error::new(ErrorKind::Internal, "the workers' messages do not fit together")
}

fn encode(value: &impl Encode) -> Result<Vec<u8>> {
    bincode::encode_to_vec(value, bincode::config::standard()).map_err(|_| unexpected())
}

fn decode<T: Decode<()>>(bytes: &[u8]) -> Result<T> {
    let configuration = bincode::config::standard().with_limit::<{ limits::TABLE_BYTES }>();
    let (value, read) = bincode::decode_from_slice(bytes, configuration).map_err(|_| unexpected())?;
    if read == bytes.len() { Ok(value) } else { Err(unexpected()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Dataset;
    use crate::pipeline::Training;
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
        internal(first.begin(&question[1..]));
        let answered = answer(&mut first, &csv, &question).unwrap();
        internal(coordinator.tell(std::slice::from_ref(&answered)));
        internal(coordinator.tell(&[answered.clone(), answered]));
        internal(coordinator.tell(&[vec![9; 40]]));
        internal(Worker::new(&[1, 2, 3], 0, 1, 0).map(drop));
        internal(coordinator.fit(&pipeline));
        first.begin(&question).unwrap();
        internal(first.feed(b"1,2"));
    }
}
