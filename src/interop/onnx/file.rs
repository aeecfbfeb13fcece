//! What an ONNX file says: its graph, and who wrote it. The numbers of the fields are those of `onnx/onnx.proto`.

use super::protobuf::Fields;
use super::tensor::{Kind, Tensor};
use crate::error::{Error, ErrorKind, Result, quote};
use crate::interop::document::{within, wrong};
use crate::limits;
use std::collections::HashSet;

/// A model.
#[derive(Debug, Default)]
pub(super) struct File {
    pub(super) producer: String,
    pub(super) producer_version: String,
    /// Each domain with the version of its operators.
    pub(super) operators: Vec<(String, i64)>,
    pub(super) nodes: Vec<Node>,
    pub(super) tensors: Vec<(String, Tensor)>,
    pub(super) inputs: Vec<Input>,
    pub(super) outputs: Vec<String>,
}

/// An operator with what it takes and makes.
#[derive(Debug, Default)]
pub(super) struct Node {
    pub(super) name: String,
    pub(super) operator: String,
    pub(super) domain: String,
    pub(super) inputs: Vec<String>,
    pub(super) outputs: Vec<String>,
    pub(super) attributes: Vec<(String, Attribute)>,
}

/// A setting of an operator.
#[derive(Debug)]
pub(super) enum Attribute {
    Float(f64),
    Whole(i64),
    Text(String),
    Tensor(Tensor),
    Floats(Vec<f64>),
    Wholes(Vec<f64>),
    Texts(Vec<String>),
    /// A graph, or something else that no operator here has.
    Other,
}

/// What the model is given.
#[derive(Debug)]
pub(super) struct Input {
    pub(super) name: String,
    pub(super) kind: Kind,
    /// Dimensions; `None` for one that may be any.
    pub(super) dims: Vec<Option<usize>>,
}

/// The most operators, tensors and inputs of a file.
const NODES: usize = 20_000;

/// The most attributes of an operator: trees have 24.
const ATTRIBUTES: usize = 100;

impl File {
    /// Reads a `ModelProto`.
    pub(super) fn read(bytes: &[u8]) -> Result<Self> {
        let mut file = Self::default();
        let (mut fields, mut has_graph) = (Fields::of(bytes), false);
        while let Some((number, field)) = fields.next()? {
            match number {
                2 => field.text()?.clone_into(&mut file.producer),
                3 => field.text()?.clone_into(&mut file.producer_version),
                7 => {
                    has_graph = true;
                    file.read_graph(field.bytes()?)?;
                }
                8 => {
                    let (mut domain, mut version) = (String::new(), 0);
                    let mut fields = Fields::of(field.bytes()?);
                    while let Some((number, field)) = fields.next()? {
                        match number {
                            1 => field.text()?.clone_into(&mut domain),
                            2 => version = field.whole()?,
                            _ => {}
                        }
                    }
                    let is_other = |(own, known): &(String, i64)| *own == domain && *known != version;
                    if version < 1 || file.operators.iter().any(is_other) {
                        return Err(wrong(format!("the domain {} has no version, or several", quote(&domain))));
                    }
                    file.operators.push((domain, version));
                }
                25 => return Err(unsupported("functions of its own")),
                _ => {}
            }
        }
        match has_graph && !file.operators.is_empty() {
            true => Ok(file),
            false => Err(Error::new(ErrorKind::NotAModel, "the file is no model of ONNX: it has no graph")),
        }
    }

    fn read_graph(&mut self, bytes: &[u8]) -> Result<()> {
        let mut fields = Fields::of(bytes);
        while let Some((number, field)) = fields.next()? {
            match number {
                1 => {
                    limits::check("operators of an ONNX file", self.nodes.len() + 1, NODES)?;
                    self.nodes.push(Node::read(field.bytes()?)?);
                }
                5 => {
                    limits::check("tensors of an ONNX file", self.tensors.len() + 1, NODES)?;
                    self.tensors.push(Tensor::read(field.bytes()?)?);
                }
                11 => {
                    limits::check("inputs of an ONNX file", self.inputs.len() + 1, NODES)?;
                    self.inputs.push(Input::read(field.bytes()?)?);
                }
                12 => self.outputs.push(name_of(field.bytes()?)?),
                15 => return Err(unsupported("sparse tensors")),
                _ => {}
            }
        }
        // Before IR version 4 the tensors of the file were listed as inputs too.
        let own: HashSet<&str> = self.tensors.iter().map(|(name, _)| name.as_str()).collect();
        self.inputs.retain(|input| !own.contains(input.name.as_str()));
        Ok(())
    }

    /// The version of the operators of a domain; 0 where there is none.
    pub(super) fn version(&self, domain: &str) -> i64 {
        self.operators.iter().find(|(name, _)| name == domain).map_or(0, |(_, version)| *version)
    }
}

fn unsupported(what: &str) -> Error {
    crate::interop::document::unsupported(crate::interop::tool::ONNX, what)
}

/// Replaces control characters, which a terminal obeys, and cuts a long text.
fn plain(text: &str) -> String {
    /// More letters than operators have.
    const LETTERS: usize = 100;
    text.chars().take(LETTERS).map(|letter| if letter.is_control() { '\u{FFFD}' } else { letter }).collect()
}

fn name_of(bytes: &[u8]) -> Result<String> {
    let mut fields = Fields::of(bytes);
    while let Some((number, field)) = fields.next()? {
        if number == 1 {
            return Ok(field.text()?.to_owned());
        }
    }
    Err(wrong("an output has no name"))
}

impl Node {
    fn read(bytes: &[u8]) -> Result<Self> {
        let mut node = Self::default();
        let mut fields = Fields::of(bytes);
        while let Some((number, field)) = fields.next()? {
            match number {
                1 => node.inputs.push(field.text()?.to_owned()),
                2 => node.outputs.push(field.text()?.to_owned()),
                3 => node.name = plain(field.text()?),
                4 => node.operator = plain(field.text()?),
                5 => {
                    limits::check("attributes of a node", node.attributes.len() + 1, ATTRIBUTES)?;
                    let attribute = Attribute::read(field.bytes()?);
                    node.attributes.push(attribute.map_err(|error| within(&node.described(), &error))?);
                }
                7 => node.domain = plain(field.text()?),
                _ => {}
            }
        }
        Ok(node)
    }

    /// The operator and the name of the node, for people.
    pub(super) fn described(&self) -> String {
        let name = if self.name.is_empty() { self.outputs.first() } else { Some(&self.name) };
        match name {
            Some(name) => format!("{} {}", self.operator, quote(name)),
            None => self.operator.clone(),
        }
    }

    fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|(own, _)| own == name).map(|(_, attribute)| attribute)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.attribute(name).is_some()
    }

    pub(super) fn whole(&self, name: &str, default: i64) -> Result<i64> {
        match self.attribute(name) {
            None => Ok(default),
            Some(Attribute::Whole(number)) => Ok(*number),
            Some(_) => Err(wrong(format!("{name}: expected a whole number"))),
        }
    }

    pub(super) fn float(&self, name: &str, default: f64) -> Result<f64> {
        match self.attribute(name) {
            None => Ok(default),
            Some(Attribute::Float(number)) => Ok(*number),
            Some(_) => Err(wrong(format!("{name}: expected a number"))),
        }
    }

    pub(super) fn text(&self, name: &str, default: &'static str) -> Result<&str> {
        match self.attribute(name) {
            None => Ok(default),
            Some(Attribute::Text(text)) => Ok(text),
            Some(_) => Err(wrong(format!("{name}: expected a text"))),
        }
    }

    /// Numbers, from a list or from a tensor; none where there are none.
    pub(super) fn numbers(&self, name: &str) -> Result<&[f64]> {
        match self.attribute(name) {
            None => Ok(&[]),
            Some(Attribute::Floats(numbers) | Attribute::Wholes(numbers)) => Ok(numbers),
            Some(Attribute::Tensor(tensor)) if tensor.kind != Kind::Text => Ok(&tensor.numbers),
            Some(_) => Err(wrong(format!("{name}: expected numbers"))),
        }
    }

    pub(super) fn texts(&self, name: &str) -> Result<&[String]> {
        match self.attribute(name) {
            None => Ok(&[]),
            Some(Attribute::Texts(texts)) => Ok(texts),
            Some(Attribute::Tensor(tensor)) if tensor.kind == Kind::Text => Ok(&tensor.texts),
            Some(_) => Err(wrong(format!("{name}: expected texts"))),
        }
    }

    pub(super) fn tensor(&self, name: &str) -> Option<&Tensor> {
        match self.attribute(name) {
            Some(Attribute::Tensor(tensor)) => Some(tensor),
            _ => None,
        }
    }
}

impl Attribute {
    /// An `AttributeProto`, with its name.
    fn read(bytes: &[u8]) -> Result<(String, Self)> {
        let (mut name, mut kind) = (String::new(), 0);
        let (mut float, mut whole, mut text, mut tensor) = (0.0, 0, "", None);
        let (mut floats, mut wholes, mut texts) = (Vec::new(), Vec::new(), Vec::new());
        let mut fields = Fields::of(bytes);
        while let Some((number, field)) = fields.next()? {
            match number {
                1 => field.text()?.clone_into(&mut name),
                2 => float = f64::from(field.float()?),
                3 => whole = field.whole()?,
                4 => text = field.text()?,
                5 => tensor = Some(Tensor::read(field.bytes()?)?.1),
                7 => field.floats(&mut floats)?,
                8 => field.wholes(&mut wholes)?,
                9 => texts.push(field.text()?.to_owned()),
                20 => kind = field.whole()?,
                _ => {}
            }
        }
        let attribute = match (kind, tensor) {
            (1, _) => Self::Float(float),
            (2, _) => Self::Whole(whole),
            (3, _) => Self::Text(text.to_owned()),
            (4, Some(tensor)) => Self::Tensor(tensor),
            (6, _) => Self::Floats(floats),
            (7, _) => Self::Wholes(wholes),
            (8, _) => Self::Texts(texts),
            _ => Self::Other,
        };
        Ok((name, attribute))
    }
}

impl Input {
    /// A `ValueInfoProto`.
    fn read(bytes: &[u8]) -> Result<Self> {
        let (mut name, mut of_tensor) = (String::new(), None);
        let mut fields = Fields::of(bytes);
        while let Some((number, field)) = fields.next()? {
            match number {
                1 => field.text()?.clone_into(&mut name),
                2 => {
                    let mut fields = Fields::of(field.bytes()?);
                    while let Some((number, field)) = fields.next()? {
                        if number == 1 {
                            of_tensor = Some(field.bytes()?);
                        }
                    }
                }
                _ => {}
            }
        }
        let of_tensor = of_tensor.ok_or_else(|| wrong(format!("the input {} is no tensor", quote(&name))))?;
        let (mut kind, mut dims) = (Kind::of(0), Vec::new());
        let mut fields = Fields::of(of_tensor);
        while let Some((number, field)) = fields.next()? {
            match number {
                1 => kind = Kind::of(field.whole()?),
                2 => dims = dims_of(field.bytes()?)?,
                _ => {}
            }
        }
        let kind = kind.map_err(|error| within(&format!("input {}", quote(&name)), &error))?;
        Ok(Self { name, kind, dims })
    }
}

/// A `TensorShapeProto`.
fn dims_of(bytes: &[u8]) -> Result<Vec<Option<usize>>> {
    let mut dims = Vec::new();
    let mut fields = Fields::of(bytes);
    while let Some((number, field)) = fields.next()? {
        if number == 1 {
            let mut dim = None;
            let mut fields = Fields::of(field.bytes()?);
            while let Some((number, field)) = fields.next()? {
                if number == 1 {
                    // Some write -1, or 0, for one that may be any.
                    dim = usize::try_from(field.whole()?).ok().filter(|dim| *dim > 0);
                }
            }
            dims.push(dim);
        }
    }
    Ok(dims)
}
