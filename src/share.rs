//! One fit by several workers, each of which reads a share of a file's blocks.
//!
//! The [`Coordinator`] asks, every [`Share`] answers for its blocks, and the answers are merged in the order of the
//! blocks: the model is the same, to the byte, however many there are. Questions and answers are bytes, to be carried by
//! whatever joins the workers: in a page, messages between Web Workers.

use crate::arithmetic::{Merge, Node, TreeSum};
use crate::dataset::{Blocks, CsvBlocks, Layout, Roles, Source, Stream, Survey, SurveyAnswer, SurveyQuestion};
use crate::error::{Error, ErrorKind, Result};
use crate::limits;
use crate::model::Model;
use crate::recipe::Recipe;
use crate::train::{DesignBlock, FitAnswer, FitQuestion, Fitting, Prepared, Progress};
use bincode::{Decode, Encode};
use std::ops::Range;

#[derive(Debug, Encode, Decode)]
enum Question {
    Survey(SurveyQuestion),
    /// With the first question, how rows become a design.
    Fit {
        prepared: Option<Prepared>,
        question: FitQuestion,
    },
}

#[derive(Debug, Encode, Decode)]
enum Answer {
    Survey(SurveyAnswer),
    Fit(FitAnswer),
}

impl Merge for Answer {
    fn merge(&mut self, later: Self) {
        match (self, later) {
            (Self::Survey(answer), Self::Survey(later)) => answer.merge(later),
            (Self::Fit(answer), Self::Fit(later)) => answer.merge(later),
            // One question has answers of one kind.
            _ => {}
        }
    }
}

/// The worker that leads a fit and reads no rows, once it has found where they are.
#[derive(Debug)]
pub struct Coordinator {
    stage: Stage,
    layout: Vec<u8>,
    n_blocks: usize,
}

#[derive(Debug)]
enum Stage {
    Survey(Survey),
    Surveyed(Stream),
    Fit {
        fitting: Box<Fitting>,
        is_first: bool,
        name: String,
        created: Option<u64>,
    },
    /// Only while one stage is made of another.
    Between,
}

impl Coordinator {
    /// Finds where a file's blocks begin and which classes there are, in one pass from its beginning to its end.
    ///
    /// # Errors
    /// Those of [`Stream::open`].
    pub fn new(source: Box<dyn Source>, roles: &Roles) -> Result<Self> {
        let survey = Survey::scan(source, roles)?;
        let layout = encode(survey.rows().layout())?;
        Ok(Self { n_blocks: survey.rows().n_blocks(), stage: Stage::Survey(survey), layout })
    }

    /// What a [`Share`] needs to know of the file.
    pub fn layout(&self) -> &[u8] {
        &self.layout
    }

    /// The most workers that can have a share.
    pub fn n_blocks(&self) -> usize {
        self.n_blocks
    }

    /// The next question to every share; `None` when the stage is over: then comes [`Coordinator::fit`], and after it
    /// [`Coordinator::finish`].
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] when it cannot be written down.
    pub fn ask(&self) -> Result<Option<Vec<u8>>> {
        let question = match &self.stage {
            Stage::Survey(survey) => survey.ask().map(Question::Survey),
            Stage::Fit { fitting, is_first, .. } => fitting.ask().map(|question| {
                let prepared = is_first.then(|| fitting.prepared().clone());
                Question::Fit { prepared, question }
            }),
            Stage::Surveyed(_) | Stage::Between => None,
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
                total.push(Node { first, size, value });
            }
        }
        if n_blocks != self.n_blocks {
            return Err(unexpected());
        }
        match (&mut self.stage, total.total().ok_or_else(unexpected)?) {
            (Stage::Survey(survey), Answer::Survey(answer)) => {
                survey.tell(answer)?;
                if survey.ask().is_none()
                    && let Stage::Survey(survey) = std::mem::replace(&mut self.stage, Stage::Between)
                {
                    self.stage = Stage::Surveyed(survey.finish()?);
                }
                Ok(())
            }
            (Stage::Fit { fitting, is_first, .. }, Answer::Fit(answer)) => {
                *is_first = false;
                fitting.tell(answer)
            }
            _ => Err(unexpected()),
        }
    }

    /// Begins the fit, once all is known of the rows.
    ///
    /// # Errors
    /// Those of [`crate::recipe::Training::stream`].
    pub fn fit(&mut self, recipe: &Recipe) -> Result<()> {
        recipe.check_stream()?;
        let Stage::Surveyed(stream) = &self.stage else { return Err(unexpected()) };
        let name = recipe.model_name(stream.schema());
        let fitting = Box::new(Fitting::to_stream(stream, recipe.options.clone())?);
        self.stage = Stage::Fit { fitting, is_first: true, name, created: recipe.created };
        Ok(())
    }

    /// How far the fit is; `None` before it has begun.
    pub fn progress(&self) -> Option<Progress> {
        match &self.stage {
            Stage::Fit { fitting, .. } => Some(fitting.progress()),
            _ => None,
        }
    }

    /// The model.
    ///
    /// # Errors
    /// Those of [`crate::train::Trainer::finish`] and [`Model::new`].
    pub fn finish(self) -> Result<Model> {
        let Stage::Fit { fitting, name, created, .. } = self.stage else { return Err(unexpected()) };
        Model::new(fitting.finish()?, name, created)
    }
}

/// A worker's share of the blocks.
#[derive(Debug)]
pub struct Share {
    rows: CsvBlocks,
    blocks: Range<usize>,
    prepared: Option<Prepared>,
    /// The share's rows, ready for the fit, if memory holds them.
    kept: Vec<DesignBlock>,
    memory: u64,
}

impl Share {
    /// Share `index` of `n_shares`, from 0 on, of the blocks of a file. When the prepared rows take up at most `memory`
    /// bytes they are kept, otherwise they are read again for each question.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] when the layout is not one.
    pub fn new(source: Box<dyn Source>, layout: &[u8], index: usize, n_shares: usize, memory: u64) -> Result<Self> {
        let rows = CsvBlocks::new(source, decode::<Layout>(layout)?);
        let n_shares = n_shares.max(1);
        let bound = |index: usize| index.min(n_shares) * rows.n_blocks() / n_shares;
        let blocks = bound(index)..bound(index + 1);
        Ok(Self { rows, blocks, prepared: None, kept: Vec::new(), memory })
    }

    /// Answers a question of [`Coordinator::ask`] for this share's blocks.
    ///
    /// # Errors
    /// Those of reading the rows; [`ErrorKind::Internal`] for bytes that are no question.
    pub fn answer(&mut self, question: &[u8]) -> Result<Vec<u8>> {
        let mut sum = TreeSum::new();
        match decode(question)? {
            Question::Survey(question) => {
                for index in self.blocks.clone() {
                    let answer = question.answer(&self.rows, &self.rows.block(index)?);
                    sum.push_block(index, Answer::Survey(answer));
                }
            }
            Question::Fit { prepared, question } => {
                if let Some(prepared) = prepared {
                    (self.prepared, self.kept) = (Some(prepared), Vec::new());
                }
                let prepared = self.prepared.as_ref().ok_or_else(unexpected)?;
                let mut n_bytes = 0;
                for (place, index) in self.blocks.clone().enumerate() {
                    let answer = match self.kept.get(place) {
                        Some(block) => question.answer(&prepared.objective, block),
                        None => {
                            let block = prepared.design(self.rows.block(index)?);
                            let answer = question.answer(&prepared.objective, &block);
                            n_bytes += 8 * block.rows.len() as u64;
                            if self.kept.len() == place && n_bytes <= self.memory {
                                self.kept.push(block);
                            }
                            answer
                        }
                    };
                    sum.push_block(index, Answer::Fit(answer));
                }
                if self.kept.len() < self.blocks.len() {
                    // Some of the rows in memory would only be in the way of the others.
                    self.kept.clear();
                }
            }
        }
        let nodes = sum.into_nodes().into_iter().map(|Node { first, size, value }| (first, size, value));
        encode(&nodes.collect::<Vec<_>>())
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
    use crate::recipe::Training;
    use crate::table::Table;
    use crate::train::{Options, Solver};

    #[derive(Debug, Clone)]
    struct Memory(Vec<u8>);

    impl Source for Memory {
        fn size(&self) -> u64 {
            self.0.len() as u64
        }

        fn read(&self, offset: u64, length: usize) -> Result<Vec<u8>> {
            Ok(self.0[offset as usize..][..length].to_vec())
        }
    }

    /// The model file, by so many workers.
    fn fit(csv: &str, recipe: &Recipe, n_shares: usize, memory: u64) -> Result<Vec<u8>> {
        let source = || Box::new(Memory(csv.into()));
        let mut coordinator = Coordinator::new(source(), &recipe.roles)?;
        let layout = coordinator.layout().to_vec();
        let share = |index| Share::new(source(), &layout, index, n_shares, memory);
        let mut shares: Vec<Share> = (0..n_shares).map(share).collect::<Result<_>>()?;
        let mut has_begun = false;
        loop {
            while let Some(question) = coordinator.ask()? {
                let answers = shares.iter_mut().map(|share| share.answer(&question)).collect::<Result<Vec<_>>>()?;
                coordinator.tell(&answers)?;
            }
            if has_begun {
                return coordinator.finish()?.encode();
            }
            has_begun = true;
            coordinator.fit(recipe)?;
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
                let mut recipe = Recipe { options, ..Recipe::new(target) };
                recipe.roles.drop = vec![drop.into()];
                let dataset = Dataset::new(&Table::parse(csv.as_bytes()).unwrap(), &recipe.roles).unwrap();
                let mut training = Training::new(&dataset, &recipe).unwrap();
                while !training.progress().done {
                    training.step().unwrap();
                }
                let expected = training.finish().unwrap().encode().unwrap();
                for (n_shares, memory) in [(1, 0), (4, u64::MAX), (40, 0)] {
                    assert!(fit(&csv, &recipe, n_shares, memory).unwrap() == expected, "{n_shares} by {solver:?}");
                }
            }
        }
    }

    #[test]
    fn a_share_that_meets_a_bad_row_says_where() {
        let csv = csv().replacen(",x\n", ",x\n1,,2,x\n", 2000);
        let error = fit(&csv, &Recipe::new("class"), 3, 0).unwrap_err();
        assert_eq!((error.kind(), error.place().column.as_deref()), (ErrorKind::MissingValue, Some("b")));
        assert_eq!(error.place().row, Some(csv.lines().position(|line| line == "1,,2,x").unwrap() as u64 + 1));
    }

    #[test]
    fn messages_that_do_not_fit_together_are_refused() {
        let csv = csv();
        let source = || Box::new(Memory(csv.clone().into()));
        let mut coordinator = Coordinator::new(source(), &Recipe::new("class").roles).unwrap();
        let question = coordinator.ask().unwrap().unwrap();
        let mut first = Share::new(source(), coordinator.layout(), 0, 2, 0).unwrap();
        let answer = first.answer(&question).unwrap();
        assert_eq!(coordinator.tell(std::slice::from_ref(&answer)).unwrap_err().kind(), ErrorKind::Internal);
        assert_eq!(coordinator.tell(&[answer.clone(), answer]).unwrap_err().kind(), ErrorKind::Internal);
        assert_eq!(coordinator.tell(&[vec![9; 40]]).unwrap_err().kind(), ErrorKind::Internal);
        assert_eq!(first.answer(&question[1..]).unwrap_err().kind(), ErrorKind::Internal);
        assert_eq!(Share::new(source(), &[1, 2, 3], 0, 1, 0).unwrap_err().kind(), ErrorKind::Internal);
        assert_eq!(coordinator.fit(&Recipe::new("class")).unwrap_err().kind(), ErrorKind::Internal);
    }
}
