//! A table that is too large for memory: read again, block by block, at each pass.

use super::layout::{Layout, Scanner};
use super::search::SearchingSurvey;
use super::survey::Surveyed;
use super::{Block, Blocks, Roles};
use crate::error::Result;
use crate::note::Note;
use crate::table::ReadOptions;
use std::fmt::Debug;

/// Bytes that can be read from anywhere, again and again, and stay the same.
pub trait Source: Debug + Send + Sync {
    /// How many bytes there are.
    fn size(&self) -> u64;

    /// `length` bytes from `offset` on.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Io`] when they cannot be read, or are not what they were at first.
    fn read(&self, offset: u64, length: usize) -> Result<Vec<u8>>;
}

/// Rows of a CSV file with a target each. Memory holds a few blocks of rows for each thread, and where each begins.
///
/// A fit to a stream gives the model, to the byte, that a fit to the same rows in memory gives.
#[derive(Debug)]
pub struct Stream {
    source: Box<dyn Source>,
    layout: Layout,
    surveyed: Surveyed,
}

impl Stream {
    /// Reads the file some four times: for its rows, kinds and classes, for ranges and sums, for variances, and as often as
    /// it takes to find the quantiles.
    ///
    /// # Errors
    /// Those of [`crate::table::Table::read`] and of [`super::Dataset::new`], at a row that has one, and those of the source.
    pub fn open(source: Box<dyn Source>, roles: &Roles, options: &ReadOptions) -> Result<Self> {
        let mut scanner = Scanner::new(roles.clone(), options.clone());
        while let Some((offset, length)) = scanner.wants(source.size()) {
            let is_end = offset + length as u64 == source.size();
            scanner.push(&source.read(offset, length)?, is_end)?;
        }
        let layout = scanner.finish()?;
        let survey = SearchingSurvey::new(layout.header().clone());
        let surveyed = survey.run(layout.n_blocks(), |index| layout.read(source.as_ref(), index))?;
        surveyed.moments()?;
        Ok(Self { source, layout, surveyed })
    }

    pub(crate) fn surveyed(&self) -> &Surveyed {
        &self.surveyed
    }

    /// What was found out about the file that its reader should know, in sentences.
    pub(crate) fn notes(&self) -> &[Note] {
        self.layout.notes()
    }
}

impl Blocks for Stream {
    fn n_features(&self) -> usize {
        self.layout.n_features()
    }

    fn n_blocks(&self) -> usize {
        self.layout.n_blocks()
    }

    fn block(&self, index: usize) -> Result<Block<'_>> {
        self.layout.read(self.source.as_ref(), index)
    }
}

impl Layout {
    fn read(&self, source: &dyn Source, index: usize) -> Result<Block<'static>> {
        let (offset, length) = self.bytes(index..index + 1)?;
        self.block(index, &source.read(offset, length)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Dataset;
    use crate::table::{Domain, Kind, Table, Task};

    #[derive(Debug)]
    struct Memory(Vec<u8>);

    impl Source for Memory {
        fn size(&self) -> u64 {
            self.0.len() as u64
        }

        fn read(&self, offset: u64, length: usize) -> Result<Vec<u8>> {
            Ok(self.0[offset as usize..][..length].to_vec())
        }
    }

    fn stream(csv: &str, roles: &Roles) -> Result<Stream> {
        Stream::open(Box::new(Memory(csv.into())), roles, &ReadOptions::default())
    }

    fn dataset(csv: &str, roles: &Roles) -> Result<Dataset> {
        Dataset::new(&Table::parse(csv.as_bytes())?, roles)
    }

    fn roles(target: &str) -> Roles {
        Roles { target: target.into(), drop: vec!["id".into()], ..Roles::default() }
    }

    /// Rows with quoted line ends, empty lines and a byte-order mark, over several windows.
    fn table() -> String {
        let row = |i: usize| {
            let text = ["\"two\nlines\"", "plain", "\"a \"\"quote\"\"\""][i % 3];
            let gap = if i.is_multiple_of(997) { "\n" } else { "" };
            let (a, class) = ((i * 7919 % 10007) as f64 / 100.0, ["x", "y", " z"][i * i % 5 % 3]);
            // A number that may be missing, a category likewise, texts without end, the same in every row, and a class that
            // is not known.
            let b = if i % 11 == 3 { "NA".to_owned() } else { (i * 31 % 8).to_string() };
            let (c, class) = (["u", "\"v, w\"", "", "17"][i % 4], if i % 1000 == 5 { "?" } else { class });
            format!("{text},{a},{b},{c},name {i},k,{},{class}\n{gap}", 1 + i % 2)
        };
        format!("\u{FEFF}id,a,b,c,own,same,w,class\n{}", (0..60_000).map(row).collect::<String>())
    }

    #[test]
    fn a_stream_holds_what_the_table_in_memory_holds() {
        let csv = table();
        for weights in [None, Some("w".to_owned())] {
            let roles = Roles { weights, ..roles("class") };
            let (stream, dataset) = (stream(&csv, &roles).unwrap(), dataset(&csv, &roles).unwrap());
            assert_eq!(&stream.surveyed.schema, dataset.schema());
            assert_eq!(stream.surveyed.moments().unwrap(), dataset.moments().unwrap());
            assert_eq!(stream.surveyed.digest, dataset.digest());
            assert_eq!(stream.notes(), dataset.notes());
            assert_eq!(stream.n_blocks(), dataset.rows().n_blocks());
            for index in [0, 17, stream.n_blocks() - 1] {
                let (found, expected) = (stream.block(index).unwrap(), dataset.rows().block(index).unwrap());
                let bits = |numbers: &[f64]| numbers.iter().map(|number| number.to_bits()).collect::<Vec<_>>();
                assert_eq!(bits(&found.features), bits(&expected.features));
                assert_eq!((found.targets, found.weights), (expected.targets, expected.weights));
            }
        }
    }

    #[test]
    fn the_sign_of_a_zero_is_the_same_everywhere() {
        for zeros in [["0", "-0", "-0"], ["-0", "0", "0"], ["-0", "-0", "-0"]] {
            let rows = |i: usize| format!("{i},{},{}\n", zeros[i % 3], ["a", "b"][i % 2]);
            let csv = format!("id,u,y\n{}", (0..9).map(rows).collect::<String>());
            let roles = Roles { kinds: vec![("u".into(), Kind::Number)], ..roles("y") };
            let (stream, dataset) = (stream(&csv, &roles).unwrap(), dataset(&csv, &roles).unwrap());
            for schema in [&stream.surveyed.schema, dataset.schema()] {
                let Domain::Number(domain) = &schema.features[0].domain else { panic!("expected numbers") };
                let numbers = [domain.minimum, domain.median, domain.maximum];
                assert_eq!(numbers.map(f64::to_bits), [0; 3], "{zeros:?}");
            }
        }
    }

    #[test]
    fn targets_are_what_they_are_in_memory() {
        let rows = |targets: [&str; 6]| {
            targets.iter().enumerate().map(|(i, target)| format!("{i},{},{target}\n", i % 4)).collect::<String>()
        };
        let cases = [
            (["1", "2", "1", "2", "2", "1"], None),
            (["1", "2", "3", "2", "2", "1"], None),
            (["1", "2", "3", "2", "2", "-0"], Some(Task::Classification)),
            (["a", "b", "a", "1", "b", "a"], None),
            (["1", "b", "1.5", "1", "2", "3"], None),
            (["1", "b", "1", "1", "b", "1"], Some(Task::Classification)),
            (["a", "a", "a", "a", "a", "a"], None),
            (["a", "b", "c", "d", "e", "f"], None),
            (["a", "b", "", "a", "b", "a"], None),
            (["1", "2", "", "4", "5", "6"], None),
            (["1", "2", "NaN", "4", "5", "6"], None),
        ];
        for (targets, task) in cases {
            let csv = format!("id,u,y\n{}", rows(targets));
            let roles = Roles { task, ..roles("y") };
            match (stream(&csv, &roles), dataset(&csv, &roles)) {
                (Ok(stream), Ok(dataset)) => {
                    assert_eq!(
                        (&stream.surveyed.schema, stream.surveyed.digest),
                        (dataset.schema(), dataset.digest()),
                        "{targets:?}"
                    );
                }
                (Err(found), Err(expected)) => assert_eq!(found.to_string(), expected.to_string(), "{targets:?}"),
                (found, expected) => panic!("{targets:?}: {:?}, {:?}", found.err(), expected.err()),
            }
        }
    }

    #[test]
    fn bad_files_are_refused_as_in_memory() {
        let cases = [
            "",
            "id,u,y\n",
            "id,u\n1,2\n",
            "id,u,y\n1,2\n",
            "id,u,y\n1,,3\n2,3,4\n",
            "id,u,y\n1,x,3\n2,3,4\n",
            "id,u,u\n1,2,3\n",
            "id,,y\n1,2,3\n",
            "id,u,Y\n1,2,3\n",
            "id,y\n1,2\n",
            "id,u,y\n1,inf,3\n2,3,4\n",
        ];
        for csv in cases {
            let (found, expected) = (stream(csv, &roles("y")).unwrap_err(), dataset(csv, &roles("y")).unwrap_err());
            assert_eq!((found.kind(), found.to_string()), (expected.kind(), expected.to_string()), "{csv:?}");
        }
        let open_quote = format!("id,u,y\n1,\"{}", "2,3\n".repeat(1 << 23));
        let error = stream(&open_quote, &roles("y")).unwrap_err();
        assert!(error.message().contains("is a quote left open?"), "{error}");
    }
}
