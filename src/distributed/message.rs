//! Messages between the workers of one build.

use crate::dataset::{SearchAnswer, SearchQuestion};
use crate::error::{Error, ErrorKind, Result};
use crate::limits;
use crate::numeric::order::sorted_positions;
use crate::numeric::tree_sum::{Merge, Node, TreeSum};
use crate::train::{self, Setup};
use bincode::config::{Configuration, Fixint, LittleEndian};
use bincode::{Decode, Encode};

/// The version of the messages. They are not kept, so a build speaks one version.
const VERSION: u16 = 3;

/// Numbers of a fixed length take half the code of those of a variable one, and messages are mostly doubles.
const CONFIGURATION: Configuration<LittleEndian, Fixint> = bincode::config::standard().with_fixed_int_encoding();

#[derive(Debug, Encode, Decode)]
pub(super) enum Question {
    Survey(SearchQuestion),
    /// With the first question, what answering takes.
    Fit {
        setup: Option<Box<Setup>>,
        question: train::Question,
    },
}

#[derive(Debug, Encode, Decode)]
pub(super) enum Answer {
    Survey(SearchAnswer),
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

/// Merges the answers of some workers to one question into one message, which [`super::Coordinator::tell`] takes in their
/// place: for engines that reduce in a tree. The answers may come in any order. The bits of the result do not depend on how
/// they are grouped.
///
/// # Errors
/// [`ErrorKind::InvalidRequest`] for two answers for one block; [`ErrorKind::UnsupportedVersion`] for another build's
/// message; [`ErrorKind::Internal`] for answers to different questions.
pub fn merge(answers: &[Vec<u8>]) -> Result<Vec<u8>> {
    encode_nodes(merged(answers)?.into_nodes())
}

/// The sum of some answers, of which neighbours are added as far as the tree of sums goes.
pub(super) fn merged(answers: &[Vec<u8>]) -> Result<TreeSum<Answer>> {
    let mut nodes = Vec::new();
    for answer in answers {
        nodes.extend(decode::<Vec<(usize, usize, Answer)>>(answer)?);
    }
    let order = sorted_positions(nodes.len(), &|a, b| nodes[a].0.cmp(&nodes[b].0));
    let mut nodes: Vec<_> = nodes.into_iter().map(Some).collect();
    let mut sum = TreeSum::new();
    let mut end = 0;
    for (first, size, value) in order.into_iter().filter_map(|position| nodes[position].take()) {
        if size == 0 {
            return Err(unexpected());
        }
        if first < end {
            let message = format!("block {first} was answered for twice; drop one of the two answers");
            return Err(Error::new(ErrorKind::InvalidRequest, message));
        }
        end = first.checked_add(size).ok_or_else(unexpected)?;
        sum.push(Node { first, size, value })?;
    }
    Ok(sum)
}

pub(super) fn encode_nodes(nodes: Vec<Node<Answer>>) -> Result<Vec<u8>> {
    encode(&nodes.into_iter().map(|Node { first, size, value }| (first, size, value)).collect::<Vec<_>>())
}

pub(super) fn unexpected() -> Error {
    Error::new(ErrorKind::Internal, "the workers' messages do not fit together")
}

/// The version, the build, and the value.
pub(super) fn encode(value: &impl Encode) -> Result<Vec<u8>> {
    let message = (VERSION, env!("CARGO_PKG_VERSION"), value);
    bincode::encode_to_vec(message, CONFIGURATION).map_err(|_| unexpected())
}

pub(super) fn decode<T: Decode<()>>(bytes: &[u8]) -> Result<T> {
    let configuration = CONFIGURATION.with_limit::<{ limits::TABLE_BYTES }>();
    let ((version, build), head) =
        bincode::decode_from_slice::<(u16, String), _>(bytes, configuration).map_err(|_| unexpected())?;
    if (version, build.as_str()) != (VERSION, env!("CARGO_PKG_VERSION")) {
        let message = format!(
            "a message of version {version} came from tepal {build}; this is tepal {} with version {VERSION}; run one \
             build everywhere",
            env!("CARGO_PKG_VERSION")
        );
        return Err(Error::new(ErrorKind::UnsupportedVersion, message));
    }
    let rest = &bytes[head..];
    let (value, read) = bincode::decode_from_slice(rest, configuration).map_err(|_| unexpected())?;
    if read == rest.len() { Ok(value) } else { Err(unexpected()) }
}
