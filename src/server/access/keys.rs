//! The keys of the clients.

use crate::error::{Error, ErrorKind, Result, quote};
use crate::files;
use crate::model::hexadecimal;
use axum::http::{HeaderMap, header};
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::Arc;
use subtle::ConstantTimeEq;

/// A right that a key can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Predictions and descriptions of models.
    Predict,
    /// Metrics and reloads.
    Admin,
}

impl Scope {
    const NAMES: [(&'static str, Self); 2] = [("predict", Self::Predict), ("admin", Self::Admin)];

    fn by_name(name: &str) -> Result<Self> {
        let found = Self::NAMES.iter().find(|(other, _)| *other == name);
        let message = || format!("expected the scope predict or admin, found {}", quote(name));
        found.map(|(_, scope)| *scope).ok_or_else(|| Error::new(ErrorKind::InvalidOption, message()))
    }
}

/// The SHA-256 digests of the keys that the server knows. A key is 256 random bits, which no list of guesses contains. A slow
/// hash for passwords would protect nothing more.
#[derive(Debug)]
pub(crate) struct Keys(Vec<Key>);

#[derive(Debug)]
struct Key {
    name: Arc<str>,
    scopes: Vec<Scope>,
    hash: [u8; 32],
}

/// The number of a request's key, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct KeyNumber(usize);

/// The key of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KnownKey {
    pub(crate) number: KeyNumber,
    pub(crate) name: Arc<str>,
}

/// The largest file of keys, in bytes: some 10,000 lines.
const FILE_BYTES: usize = 1 << 20;

impl Keys {
    /// Reads lines of `name scopes sha256`. Empty lines and lines that begin with `#` are skipped.
    ///
    /// # Errors
    /// [`ErrorKind::Io`]; [`ErrorKind::InvalidOption`] at a malformed line, or when there is no key.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let (keys, mut problems) = Self::read_valid(path)?;
        match problems.is_empty() {
            true => Ok(keys),
            false => Err(problems.swap_remove(0)),
        }
    }

    /// Reads a file again. A key opens nothing once its line is gone, also where another line is malformed, the file is empty,
    /// or gone itself. Every problem is reported.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] when the file is there and cannot be read: then nobody knows which keys are in it.
    pub(crate) fn read_again(path: &Path) -> Result<(Self, Vec<Error>)> {
        match path.try_exists() {
            Ok(false) => {
                let error = Error::new(ErrorKind::Io, "the file of keys is gone, and no key is known any more");
                Ok((Self(Vec::new()), vec![files::name(path, &error)]))
            }
            _ => Self::read_valid(path),
        }
    }

    /// The keys of the lines that are well-formed, and what is wrong with the others.
    fn read_valid(path: &Path) -> Result<(Self, Vec<Error>)> {
        let bytes = files::read(path, FILE_BYTES)?;
        let text = String::from_utf8_lossy(&bytes);
        let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty() && !line.trim().starts_with('#'));
        let (mut keys, mut problems) = (Vec::new(), Vec::new());
        for (line, at) in lines {
            match Key::parse(line) {
                Ok(key) => keys.push(key),
                Err(error) => problems.push(files::name(path, &error.at_row(at))),
            }
        }
        if keys.is_empty() && problems.is_empty() {
            let error = Error::new(ErrorKind::InvalidOption, "there is no key in it; --new-key writes a line for it");
            problems.push(files::name(path, &error));
        }
        Ok((Self(keys), problems))
    }

    /// The key of a request that needs a scope.
    ///
    /// # Errors
    /// [`ErrorKind::Unauthorized`] without a known key, [`ErrorKind::Forbidden`] for a key without the scope.
    pub(crate) fn check(&self, headers: &HeaderMap, scope: Scope) -> Result<KnownKey> {
        let known = self.find(headers)?;
        if !self.0[known.number.0].scopes.contains(&scope) {
            let name = Scope::NAMES.iter().find(|(_, other)| *other == scope).map_or("", |(name, _)| name);
            return Err(Error::new(ErrorKind::Forbidden, format!("the key does not have the scope {name}")));
        }
        Ok(known)
    }

    /// The key of a request, whatever its scopes are.
    pub(crate) fn known(&self, headers: &HeaderMap) -> Option<KnownKey> {
        self.find(headers).ok()
    }

    fn find(&self, headers: &HeaderMap) -> Result<KnownKey> {
        let unauthorized = |message| Error::new(ErrorKind::Unauthorized, message);
        let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let given =
            given.and_then(|value| value.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let (_, given) = given.ok_or_else(|| unauthorized("expected a key, as Authorization: Bearer KEY"))?;
        let hash: [u8; 32] = Sha256::digest(given.trim()).into();
        // Every key is compared, so that the time tells nothing about the keys.
        let mut found = None;
        for (number, key) in self.0.iter().enumerate() {
            if bool::from(key.hash.ct_eq(&hash)) {
                found = Some(number);
            }
        }
        let number = found.ok_or_else(|| unauthorized("the key is not known here"))?;
        Ok(KnownKey { number: KeyNumber(number), name: Arc::clone(&self.0[number].name) })
    }

    /// Whether a request has a key with the scope.
    pub(crate) fn allow(&self, headers: &HeaderMap, scope: Scope) -> bool {
        self.check(headers, scope).is_ok()
    }
}

impl Key {
    fn parse(line: &str) -> Result<Self> {
        let invalid = |message: &str| Error::new(ErrorKind::InvalidOption, message);
        let words: Vec<&str> = line.split_whitespace().collect();
        let [name, scopes, hash] = words.as_slice() else {
            return Err(invalid(
                "expected a name, scopes with a comma between, and the SHA-256 of the key in hexadecimal",
            ));
        };
        let scopes = scopes.split(',').map(Scope::by_name).collect::<Result<_>>()?;
        let digits: Option<Vec<u8>> = hash
            .as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
            .collect();
        let hash = digits.and_then(|digits| digits.try_into().ok());
        let hash = hash.ok_or_else(|| invalid("expected the SHA-256 of the key in 64 hexadecimal digits"))?;
        Ok(Self { name: (*name).into(), scopes, hash })
    }
}

/// A new key, and its line for the file of keys.
///
/// # Errors
/// [`ErrorKind::InvalidOption`] for a name with spaces or an unknown scope, [`ErrorKind::Io`] when the machine has no random
/// bits.
pub fn new_key(name: &str, scopes: &str) -> Result<(String, String)> {
    scopes.split(',').try_for_each(|scope| Scope::by_name(scope).map(drop))?;
    if name.is_empty() || name.contains(char::is_whitespace) || name.starts_with('#') {
        let message = format!("expected a name without spaces, found {}", quote(name));
        return Err(Error::new(ErrorKind::InvalidOption, message));
    }
    let mut bits = [0; 32];
    getrandom::fill(&mut bits).map_err(|error| Error::new(ErrorKind::Io, error.to_string()))?;
    let key = format!("tepal_{}", hexadecimal(&bits));
    let line = format!("{name} {scopes} {}", hexadecimal(&<[u8; 32]>::from(Sha256::digest(&key))));
    Ok((key, line))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn read(text: &str) -> Result<Keys> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        Keys::read(file.path())
    }

    fn check(keys: &Keys, authorization: &str, scope: Scope) -> std::result::Result<usize, ErrorKind> {
        let headers = HeaderMap::from_iter([(header::AUTHORIZATION, HeaderValue::from_str(authorization).unwrap())]);
        keys.check(&headers, scope).map(|key| key.number.0).map_err(|error| error.kind())
    }

    #[test]
    fn a_new_key_opens_what_its_scope_says() {
        let (first, line_1) = new_key("page", "predict").unwrap();
        let (second, line_2) = new_key("ops", "predict,admin").unwrap();
        let keys = read(&format!("# ours\n\n{line_1}\n{line_2}\n")).unwrap();
        assert!(!line_1.contains(&first) && first != second);
        assert_eq!(check(&keys, &format!("Bearer {first}"), Scope::Predict), Ok(0));
        assert_eq!(check(&keys, &format!("bearer {second}"), Scope::Admin), Ok(1));
        assert_eq!(check(&keys, &format!("Bearer {first}"), Scope::Admin), Err(ErrorKind::Forbidden));
        assert_eq!(check(&keys, "Bearer tepal_0", Scope::Predict), Err(ErrorKind::Unauthorized));
        assert_eq!(check(&keys, &format!("Basic {first}"), Scope::Predict), Err(ErrorKind::Unauthorized));
        assert_eq!(keys.check(&HeaderMap::new(), Scope::Predict).unwrap_err().kind(), ErrorKind::Unauthorized);
    }

    #[test]
    fn a_malformed_line_is_named() {
        for (text, message) in [
            ("", "there is no key in it"),
            ("# a\npage predict", "row 2: expected a name, scopes"),
            ("page predict 12", "row 1: expected the SHA-256 of the key in 64"),
            ("page predicts 12", "row 1: expected the scope predict or admin, found \"predicts\""),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(message), "{error}");
        }
        assert!(new_key("a b", "predict").is_err() && new_key("a", "all").is_err());
    }
}
