//! Tensors whose numbers are in the file.

use super::protobuf::{Field, Fields, little_endian};
use crate::error::{Decimal, Result, quote};
use crate::interop::document::wrong;
use crate::limits;

/// What the numbers of a tensor are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Float,
    Double,
    Whole,
    /// Whole numbers of 8 or 16 bits, or without a sign: their sums wrap around.
    Narrow,
    Flag,
    Text,
}

impl Kind {
    /// The kind of a number of `TensorProto.DataType`.
    pub(super) fn of(data_type: i64) -> Result<Self> {
        match data_type {
            1 => Ok(Self::Float),
            6 | 7 => Ok(Self::Whole),
            2..=5 | 12 | 13 => Ok(Self::Narrow),
            8 => Ok(Self::Text),
            9 => Ok(Self::Flag),
            11 => Ok(Self::Double),
            other => Err(wrong(format!(
                "tepal does not read ONNX's data type {other}; it reads float, double, whole numbers, bool and string"
            ))),
        }
    }
}

/// Numbers or texts in a box of some dimensions, the last one running fastest.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tensor {
    pub(super) dims: Vec<usize>,
    pub(super) kind: Kind,
    pub(super) numbers: Vec<f64>,
    pub(super) texts: Vec<String>,
    /// Whether a number stands for how many rows there are, which is not known.
    pub(super) counts_rows: bool,
}

impl Tensor {
    pub(super) fn numbers(dims: Vec<usize>, kind: Kind, numbers: Vec<f64>) -> Self {
        Self { dims, kind, numbers, texts: Vec::new(), counts_rows: false }
    }

    /// A `TensorProto`, with its name.
    pub(super) fn read(bytes: &[u8]) -> Result<(String, Self)> {
        let (mut dims, mut data_type, mut numbers, mut texts) = (Vec::new(), 0, Vec::new(), Vec::new());
        let (mut raw, mut name) = (None, String::new());
        let mut fields = Fields::of(bytes);
        while let Some((number, field)) = fields.next()? {
            match number {
                1 => field.wholes(&mut dims)?,
                2 => data_type = field.whole()?,
                4 => field.floats(&mut numbers)?,
                5 | 7 | 11 => field.wholes(&mut numbers)?,
                6 => texts.push(field.text()?.to_owned()),
                8 => field.text()?.clone_into(&mut name),
                9 => raw = Some(field.bytes()?),
                10 => field.doubles(&mut numbers)?,
                13 => return Err(external(&name)),
                14 if field.whole()? == 1 => return Err(external(&name)),
                _ => {}
            }
        }
        let within = |error| crate::interop::document::within(&format!("tensor {}", quote(&name)), &error);
        let kind = Kind::of(data_type).map_err(within)?;
        if let Some(raw) = raw {
            raw_numbers(data_type, raw, &mut numbers).map_err(within)?;
        }
        let dims: Option<Vec<usize>> = dims.iter().map(|dim| crate::interop::document::whole(*dim)).collect();
        let dims = dims.ok_or_else(|| within(wrong("a dimension is below 0, or beyond 2^53")))?;
        let expected = dims.iter().try_fold(1_usize, |product, dim| product.checked_mul(*dim));
        let found = if kind == Kind::Text { texts.len() } else { numbers.len() };
        if expected != Some(found) {
            return Err(within(wrong(format!("{found} numbers do not fill dimensions of {dims:?}"))));
        }
        limits::check("numbers of a tensor", found, limits::CELLS)?;
        Ok((name, Self { dims, kind, numbers, texts, counts_rows: false }))
    }

    /// How many numbers or texts it has.
    pub(super) fn len(&self) -> usize {
        if self.kind == Kind::Text { self.texts.len() } else { self.numbers.len() }
    }

    /// The whole numbers.
    pub(super) fn wholes(&self) -> Result<Vec<i64>> {
        let whole = |number: &f64| {
            // Beyond 64 bits stands the largest, as for the end of a dimension.
            if number.fract() == 0.0 {
                Ok(*number as i64)
            } else {
                Err(wrong(format!("expected a whole number, found {}", Decimal(*number))))
            }
        };
        self.numbers.iter().map(whole).collect()
    }

    /// The number of a tensor of one.
    pub(super) fn single(&self) -> Result<f64> {
        match *self.numbers {
            [number] => Ok(number),
            _ => Err(wrong(format!("expected one number, found {}", self.numbers.len()))),
        }
    }

    /// The same numbers in other dimensions.
    pub(super) fn reshaped(&self, dims: Vec<usize>) -> Result<Self> {
        match dims.iter().product::<usize>() == self.len() {
            true => Ok(Self { dims, ..self.clone() }),
            false => Err(wrong(format!("{} numbers do not fill dimensions of {dims:?}", self.len()))),
        }
    }

    /// What a function makes of the numbers of two tensors, as numpy pairs them.
    pub(super) fn with(&self, other: &Self, function: impl Fn(f64, f64) -> f64) -> Result<Self> {
        let rank = self.dims.len().max(other.dims.len());
        if self.kind == Kind::Text || other.kind == Kind::Text {
            return Err(wrong("expected numbers, found texts"));
        }
        let padded = |dims: &[usize]| [vec![1; rank - dims.len()], dims.to_vec()].concat();
        let (a, b) = (padded(&self.dims), padded(&other.dims));
        let fits = a.iter().zip(&b).all(|(a, b)| a == b || *a == 1 || *b == 1);
        if !fits {
            return Err(wrong(format!("dimensions of {:?} and of {:?} do not fit", self.dims, other.dims)));
        }
        let dims: Vec<usize> = a.iter().zip(&b).map(|(a, b)| if *a == 1 { *b } else { *a }).collect();
        let n: usize = dims.iter().product();
        limits::check("numbers of a tensor", n, limits::CELLS)?;
        let place = |own: &[usize], mut at: usize| {
            let (mut place, mut step) = (0, 1);
            for (dim, own) in dims.iter().zip(own).rev() {
                place += if *own == 1 { 0 } else { at % dim * step };
                (at, step) = (at / dim, step * own);
            }
            place
        };
        let numbers = (0..n).map(|at| function(self.numbers[place(&a, at)], other.numbers[place(&b, at)])).collect();
        Ok(Self::numbers(dims, self.kind, numbers))
    }

    /// Rows for columns, of a tensor of two dimensions.
    pub(super) fn transposed(&self) -> Result<Self> {
        match *self.dims {
            _ if self.kind == Kind::Text => Err(wrong("texts are turned around")),
            [rows, columns] => {
                let numbers = (0..self.len()).map(|at| self.numbers[at % rows * columns + at / rows]).collect();
                Ok(Self { dims: vec![columns, rows], numbers, ..self.clone() })
            }
            [] | [_] => Ok(self.clone()),
            _ => Err(wrong(format!("dimensions of {:?} are not turned around", self.dims))),
        }
    }
}

fn external(name: &str) -> crate::error::Error {
    let message = format!(
        "the tensor {} is in another file; save the model in one: onnx.save(model, path, save_as_external_data=False)",
        quote(name)
    );
    wrong(message)
}

fn raw_numbers(data_type: i64, raw: &[u8], numbers: &mut Vec<f64>) -> Result<()> {
    match data_type {
        1 => Field::Bytes(raw).floats(numbers),
        11 => Field::Bytes(raw).doubles(numbers),
        2 | 9 => little_endian(raw, |[byte]: [u8; 1]| f64::from(byte), numbers),
        3 => little_endian(raw, |byte| f64::from(i8::from_le_bytes(byte)), numbers),
        4 => little_endian(raw, |two| f64::from(u16::from_le_bytes(two)), numbers),
        5 => little_endian(raw, |two| f64::from(i16::from_le_bytes(two)), numbers),
        6 => little_endian(raw, |four| f64::from(i32::from_le_bytes(four)), numbers),
        7 => little_endian(raw, |eight| i64::from_le_bytes(eight) as f64, numbers),
        12 => little_endian(raw, |four| f64::from(u32::from_le_bytes(four)), numbers),
        13 => little_endian(raw, |eight| u64::from_le_bytes(eight) as f64, numbers),
        _ => Err(wrong("texts cannot be raw")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tensors_are_paired_as_numpy_does() {
        let tensor = |dims: &[usize], numbers: &[f64]| Tensor::numbers(dims.to_vec(), Kind::Float, numbers.to_vec());
        let table = tensor(&[2, 3], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        let sum = |other: &Tensor| table.with(other, |a, b| a + b).map(|sum| sum.numbers);
        assert_eq!(sum(&tensor(&[3], &[10.0, 20.0, 30.0])).unwrap(), [11.0, 22.0, 33.0, 14.0, 25.0, 36.0]);
        assert_eq!(sum(&tensor(&[2, 1], &[10.0, 20.0])).unwrap(), [11.0, 12.0, 13.0, 24.0, 25.0, 26.0]);
        assert_eq!(sum(&tensor(&[], &[1.0])).unwrap(), [2.0, 3.0, 4.0, 5.0, 6.0, 7.0]);
        assert!(sum(&tensor(&[2], &[1.0, 2.0])).is_err());
        assert_eq!(table.transposed().unwrap().numbers, [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
    }
}
