//! The one error type: a stable kind for programs, a message for people, and the place it is about.

pub(crate) mod words;

pub use words::count;

pub(crate) use words::{Decimal, did_you_mean, is_invisible, list_names, quote, shorten};

use serde::Serialize;
use std::fmt;

/// What went wrong, as programs see it. [`ErrorKind::as_str`] is the word that JavaScript and HTTP clients receive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A table without a header, or without a row below it.
    Empty,
    /// A row with more or fewer cells than the header.
    RaggedRow,
    /// Bytes that are not text.
    Encoding,
    /// Two columns of one name, or a column without a name.
    BadHeader,
    /// A column was named that the table does not have.
    UnknownColumn,
    /// An empty cell where a value is needed.
    MissingValue,
    /// Text where a number is needed.
    NotANumber,
    /// A category that the training rows did not have.
    UnseenCategory,
    /// Rows that were marked because they could not be scored.
    NotScored,
    /// NaN, an infinity, or a number too large to compute with.
    NotFinite,
    /// A target that has one class, or one value, in every row.
    ConstantTarget,
    /// A sample weight below 0, or weights that are all 0.
    InvalidWeight,
    /// Fewer rows than the fit or the split needs.
    TooFewRows,
    /// No column is left to predict from.
    NoFeatures,
    /// An option outside its range, or of an unknown name.
    InvalidOption,
    /// The fit stopped short of its optimum.
    NotConverged,
    /// The solver gave up without an answer.
    FitFailed,
    /// A row lacks a feature of the model.
    MissingFeature,
    /// A row has a name that the model does not know.
    UnknownFeature,
    /// A row or an array of another length than the model takes.
    WrongLength,
    /// A file of another format.
    NotAModel,
    /// A model file that ends early or goes on too long.
    Truncated,
    /// A model file whose bytes are not those that were written.
    Corrupt,
    /// A model file of a version or codec this build does not read.
    UnsupportedVersion,
    /// A model file of an earlier version, in a build that reads the last one only.
    OldVersion,
    /// A model file whose checksum is right and whose content is impossible.
    InvalidModel,
    /// A model of another tool with something that tepal does not carry.
    UnsupportedModel,
    /// A model that does not reproduce its own proof rows.
    ProofMismatch,
    /// Input beyond a limit of [`crate::limits`].
    LimitExceeded,
    /// A request that is not JSON, or not of a shape the server knows.
    InvalidRequest,
    /// No such route or file.
    NotFound,
    /// A route that does not take this method.
    MethodNotAllowed,
    /// A request without a key that the server knows.
    Unauthorized,
    /// A request whose key does not allow it.
    Forbidden,
    /// A request body of a type that the route does not take.
    UnsupportedMediaType,
    /// A request that did not arrive, or was not answered, in time.
    Timeout,
    /// More requests than the client may make.
    TooManyRequests,
    /// A server that is busy, stopping, or has no model.
    Unavailable,
    /// A file that cannot be read or written.
    Io,
    /// A defect of tepal itself.
    Internal,
}

impl ErrorKind {
    /// The stable word for this kind, in snake case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::RaggedRow => "ragged_row",
            Self::Encoding => "encoding",
            Self::BadHeader => "bad_header",
            Self::UnknownColumn => "unknown_column",
            Self::MissingValue => "missing_value",
            Self::NotANumber => "not_a_number",
            Self::UnseenCategory => "unseen_category",
            Self::NotScored => "not_scored",
            Self::NotFinite => "not_finite",
            Self::ConstantTarget => "constant_target",
            Self::InvalidWeight => "invalid_weight",
            Self::TooFewRows => "too_few_rows",
            Self::NoFeatures => "no_features",
            Self::InvalidOption => "invalid_option",
            Self::NotConverged => "not_converged",
            Self::FitFailed => "fit_failed",
            Self::MissingFeature => "missing_feature",
            Self::UnknownFeature => "unknown_feature",
            Self::WrongLength => "wrong_length",
            Self::NotAModel => "not_a_model",
            Self::Truncated => "truncated",
            Self::Corrupt => "corrupt",
            Self::UnsupportedVersion => "unsupported_version",
            Self::OldVersion => "old_version",
            Self::InvalidModel => "invalid_model",
            Self::UnsupportedModel => "unsupported_model",
            Self::ProofMismatch => "proof_mismatch",
            Self::LimitExceeded => "limit_exceeded",
            Self::InvalidRequest => "invalid_request",
            Self::NotFound => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::UnsupportedMediaType => "unsupported_media_type",
            Self::Timeout => "timeout",
            Self::TooManyRequests => "too_many_requests",
            Self::Unavailable => "unavailable",
            Self::Io => "io",
            Self::Internal => "internal",
        }
    }

    /// The HTTP status of an answer that carries this kind.
    pub fn http_status(self) -> u16 {
        match self {
            Self::LimitExceeded => 413,
            Self::Unauthorized => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::Timeout => 408,
            Self::UnsupportedMediaType => 415,
            Self::TooManyRequests => 429,
            Self::Unavailable => 503,
            Self::Io | Self::Internal => 500,
            _ => 400,
        }
    }

    /// The exit code of a command that ends with this kind: 2 for options, 3 for tables and rows, 4 for model files,
    /// 5 for fits, 6 for the file system, 1 for anything else.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::InvalidOption => 2,
            Self::Empty
            | Self::RaggedRow
            | Self::Encoding
            | Self::BadHeader
            | Self::UnknownColumn
            | Self::MissingValue
            | Self::NotANumber
            | Self::UnseenCategory
            | Self::NotScored
            | Self::NotFinite
            | Self::ConstantTarget
            | Self::InvalidWeight
            | Self::TooFewRows
            | Self::NoFeatures
            | Self::MissingFeature
            | Self::UnknownFeature
            | Self::WrongLength
            | Self::LimitExceeded => 3,
            Self::NotAModel
            | Self::Truncated
            | Self::Corrupt
            | Self::UnsupportedVersion
            | Self::OldVersion
            | Self::InvalidModel
            | Self::UnsupportedModel
            | Self::ProofMismatch => 4,
            Self::NotConverged | Self::FitFailed => 5,
            Self::Io => 6,
            Self::InvalidRequest
            | Self::NotFound
            | Self::MethodNotAllowed
            | Self::Unauthorized
            | Self::Forbidden
            | Self::UnsupportedMediaType
            | Self::Timeout
            | Self::TooManyRequests
            | Self::Unavailable
            | Self::Internal => 1,
        }
    }
}

/// Where in the input an error lies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// The row as a spreadsheet counts it: in a CSV file the header is row 1; in an array of rows the first is row 1.
    pub row: Option<u64>,
    /// The column's (feature's) name.
    pub column: Option<String>,
    /// The offset from the start of the file, counted from 0.
    pub byte: Option<u64>,
}

/// An error with its kind, its message and its place.
///
/// `Display` writes the place before the message: `row 17, column "age": expected a number, found "n/a"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(Box<Contents>);

/// Behind a pointer: results are handed on in many places, errors are rare.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Contents {
    kind: ErrorKind,
    message: String,
    place: Place,
}

/// A result with this crate's [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error about no place in particular. The message says what was found, what was expected and, if there is
    /// one, the remedy: in lower case, without a full stop.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self::of(kind, message.into())
    }

    #[cold]
    #[inline(never)]
    fn of(kind: ErrorKind, message: String) -> Self {
        Self(Box::new(Contents { kind, message, place: Place::default() }))
    }

    /// The error about a value that is NaN or infinite.
    pub(crate) fn not_finite(value: f64) -> Self {
        let found = match value {
            f64::INFINITY => "infinity",
            f64::NEG_INFINITY => "-infinity",
            _ => "NaN",
        };
        Self::new(ErrorKind::NotFinite, format!("expected a finite number, found {found}"))
    }

    /// The same error at a row.
    #[must_use]
    #[inline(never)]
    pub fn at_row(mut self, row: u64) -> Self {
        self.0.place.row = Some(row);
        self
    }

    /// The same error in a column.
    #[must_use]
    pub fn in_column(mut self, column: impl Into<String>) -> Self {
        self.0.place.column = Some(shorten(column.into()));
        self
    }

    /// The same error at a byte of the file.
    #[must_use]
    #[inline(never)]
    pub fn at_byte(mut self, byte: u64) -> Self {
        self.0.place.byte = Some(byte);
        self
    }

    /// The same kind of error at the same place, with another message.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.0.message = message.into();
        self
    }

    /// What went wrong, for programs.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What went wrong, for people, without the place.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Where it went wrong.
    pub fn place(&self) -> &Place {
        &self.0.place
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place { row, column, byte } = &self.0.place;
        let mut separator = "";
        if let Some(row) = row {
            write!(f, "row {row}")?;
            separator = ", ";
        }
        if let Some(column) = column {
            write!(f, "{separator}column \"{column}\"")?;
            separator = ", ";
        }
        if let Some(byte) = byte {
            write!(f, "{separator}byte {byte}")?;
            separator = ", ";
        }
        if !separator.is_empty() {
            f.write_str(": ")?;
        }
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Error {}

/// An error: `{"error": message with its place, "kind": word}` and `row`, `column`, `byte` where there is one.
#[derive(Debug, Serialize)]
pub struct ErrorBody<'a> {
    error: String,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    byte: Option<u64>,
}

impl<'a> From<&'a Error> for ErrorBody<'a> {
    fn from(error: &'a Error) -> Self {
        let place = error.place();
        Self {
            error: error.to_string(),
            kind: error.kind().as_str(),
            row: place.row,
            column: place.column.as_deref(),
            byte: place.byte,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_stands_before_the_message() {
        let error = Error::new(ErrorKind::NotANumber, "expected a number, found \"n/a\"").at_row(17).in_column("age");
        assert_eq!(error.to_string(), "row 17, column \"age\": expected a number, found \"n/a\"");
        assert_eq!(Error::new(ErrorKind::Empty, "the file is empty").to_string(), "the file is empty");
        assert_eq!(Error::new(ErrorKind::Corrupt, "x").at_byte(0).to_string(), "byte 0: x");
    }

    #[test]
    fn the_nearest_name_is_offered_and_a_far_one_is_not() {
        let names = ["petal length (cm)", "petal width (cm)", "species"];
        assert_eq!(did_you_mean("specis", names), " (did you mean \"species\"?)");
        assert_eq!(did_you_mean("Species", names), " (did you mean \"species\"?)");
        assert_eq!(did_you_mean("outcome", names), "");
    }

    #[test]
    fn numbers_are_written_as_javascript_writes_them() {
        let cases =
            [(0.0, "0"), (-1.5, "-1.5"), (1e-6, "0.000001"), (1.25e-7, "1.25e-7"), (1e20, "100000000000000000000")];
        for (number, text) in cases {
            assert_eq!(Decimal(number).to_string(), text);
        }
    }

    #[test]
    fn a_name_of_two_million_characters_is_cut_and_not_compared() {
        let name = "ä".repeat(2_000_000);
        assert_eq!(did_you_mean(&name, ["age", name.as_str()]), "");
        assert!(quote(&name).len() < 500);
        assert!(Error::new(ErrorKind::UnknownFeature, "x").in_column(name).to_string().len() < 500);
    }

    #[test]
    fn long_lists_are_cut() {
        let names: Vec<String> = (0..23).map(|i| format!("c{i}")).collect();
        assert!(list_names(names.iter().map(String::as_str)).ends_with("\"c19\" and 3 more"));
    }
}
