//! What the columns of a table are for.

use crate::error::{Error, ErrorKind, Result, list_names};
use crate::limits;
use crate::note::{Note, codes};
use crate::numeric::order::sorted_positions;
use crate::table::{
    CellFormat, ColumnFormat, ColumnScan, DroppedColumn, Field, Kind, Label, Labels, Task, trim, twins,
};
use bincode::{Decode, Encode};

/// Which column is predicted and which are left out; every other column is a feature if it can be one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roles {
    /// The column to predict. Rows in which it is missing are left out.
    pub target: String,
    /// Columns that are neither target nor feature.
    pub drop: Vec<String>,
    /// What to predict; spaces around a class's name do not count. By default a target of text is classified, and one
    /// of numbers is a regression unless it holds exactly two distinct values in more than two rows.
    pub task: Option<Task>,
    /// Of two classes the one that is looked for. By default the last in sorted order, as "yes" is after "no".
    pub positive: Option<String>,
    /// A column of sample weights, each finite and at least 0: a row of weight 2 counts as two equal rows. It is not a
    /// feature. By default every row counts once.
    pub weights: Option<String>,
    /// What columns hold, by their names. By default it is found out: see [`Kind`].
    pub kinds: Vec<(String, Kind)>,
    /// What columns are measured in and what they are, for people.
    pub about: Vec<About>,
    /// Whether a column of one number other than 0 is a feature, as a fit without an intercept may need it. By default it is
    /// left out.
    pub keep_constants: bool,
}

/// What a column is, for people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// The column's name.
    pub column: String,
    /// What its values are measured in.
    pub unit: Option<String>,
    /// What it is.
    pub description: Option<String>,
}

/// Where the columns of each role stand, before it is known what they hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ColumnIndices {
    pub(super) target: usize,
    pub(super) weights: Option<usize>,
    pub(super) dropped: Vec<usize>,
    /// What may be a feature, and what the caller said that it holds.
    pub(super) candidates: Vec<(usize, Option<Kind>)>,
    pub(super) keep_constants: bool,
}

impl Roles {
    /// Finds the columns. `check` refuses a name that the table does not have.
    pub(super) fn places(&self, names: &[&str], check: impl Fn(&str) -> Result<()>) -> Result<ColumnIndices> {
        let place = |name: &str| {
            check(name)?;
            Ok(names.iter().position(|other| *other == name).unwrap_or(0))
        };
        let target = place(&self.target)?;
        let dropped: Vec<usize> = self.drop.iter().map(|name| place(name)).collect::<Result<_>>()?;
        let weights = self.weights.as_deref().map(place).transpose()?;
        let kinds: Vec<(usize, Kind)> =
            self.kinds.iter().map(|(name, kind)| Ok((place(name)?, *kind))).collect::<Result<_>>()?;
        self.about.iter().try_for_each(|about| check(&about.column))?;
        let refuse = |message: String| Err(Error::new(ErrorKind::InvalidOption, message));
        if dropped.contains(&target) {
            return refuse(format!("column \"{}\" is the target and cannot be dropped", self.target));
        }
        if let Some(place) = weights.filter(|place| *place == target || dropped.contains(place)) {
            return refuse(format!(
                "column \"{}\" holds the weights and cannot be the target or be dropped",
                names[place]
            ));
        }
        let is_left_out = |place: &usize| dropped.contains(place) || weights == Some(*place);
        if let Some((place, _)) = kinds.iter().find(|(place, _)| *place == target || is_left_out(place)) {
            return refuse(format!("column \"{}\" is no feature, so its kind is of no use", names[*place]));
        }
        let kind_of = |place: usize| kinds.iter().rev().find(|(other, _)| *other == place).map(|(_, kind)| *kind);
        // A column without a name is one that the table can do without.
        let is_named = |place: &usize| !names[*place].is_empty();
        let candidates = (0..names.len()).filter(|place| *place != target && !is_left_out(place) && is_named(place));
        let candidates = candidates.map(|place| (place, kind_of(place))).collect();
        Ok(ColumnIndices {
            target,
            keep_constants: self.keep_constants,
            weights,
            dropped: (0..names.len()).filter(|place| dropped.contains(place)).collect(),
            candidates,
        })
    }

    /// The position of the class that is looked for.
    pub(super) fn positive_of(&self, labels: Option<&Labels>, format: &CellFormat) -> Result<Option<usize>> {
        let refuse = |message: String| Err(Error::new(ErrorKind::InvalidOption, message));
        match (&self.positive, labels) {
            (None, Some(labels)) => Ok((labels.len() == 2).then_some(1)),
            (None, None) => Ok(None),
            (Some(positive), Some(labels)) if labels.len() == 2 => {
                let text = trim(positive);
                let label = match (labels.as_numbers(), format.number(text)) {
                    (Some(_), Some(number)) => Label::Number(number),
                    _ => Label::Text(text),
                };
                match labels.position(label) {
                    Some(position) => Ok(Some(position)),
                    None => {
                        let names: Vec<String> = labels.iter().map(|label| label.to_string()).collect();
                        let list = list_names(names.iter().map(String::as_str));
                        refuse(format!("no class is called \"{positive}\"; the classes are {list}"))
                    }
                }
            }
            (Some(_), Some(labels)) => {
                refuse(format!("a positive class is one of two; the target has {} classes", labels.len()))
            }
            (Some(_), None) => refuse("a positive class is one of two; the target is a number".into()),
        }
    }
}

/// The features of a table, and the columns that turned out to be none.
#[derive(Debug, Clone, Default, Encode, Decode)]
pub(super) struct Chosen {
    pub(super) places: Vec<usize>,
    pub(super) fields: Vec<Field>,
    pub(super) dropped: Vec<(usize, Note)>,
    /// What to know of the features.
    pub(super) notes: Vec<Note>,
}

impl ColumnIndices {
    /// An empty scan for each candidate.
    pub(super) fn scans(&self) -> Vec<ColumnScan> {
        let scan = |(_, kind): &(usize, Option<Kind>)| match kind {
            Some(Kind::Category | Kind::YesNo) => ColumnScan::new(limits::CATEGORIES),
            _ => ColumnScan::of_feature(),
        };
        self.candidates.iter().map(scan).collect()
    }

    /// Chooses features by what the candidates hold.
    ///
    /// # Errors
    /// [`ErrorKind::LimitExceeded`] for a category of too many, [`ErrorKind::NoFeatures`] when no column is left.
    pub(super) fn choose(
        &self,
        scans: Vec<ColumnScan>,
        names: &[&str],
        format_of: impl Fn(usize) -> ColumnFormat,
    ) -> Result<Chosen> {
        let mut chosen = Chosen::default();
        for ((place, given), scan) in self.candidates.iter().zip(scans) {
            let (kind, reason) = match given {
                Some(Kind::Identifier) => (Kind::Identifier, Note::new(codes::IDENTIFIER, [])),
                Some(Kind::Text) => (Kind::Text, Note::new(codes::SENTENCES, [])),
                Some(kind) => (*kind, Note::new(codes::ALL_MISSING, [])),
                None => scan.kind(names[*place]),
            };
            let name = names[*place];
            let field = match kind {
                Kind::Number => {
                    let is_found = given.is_none();
                    chosen.notes.extend(is_found.then(|| scan.date_digits_note(names[*place])).flatten());
                    Some(Field::Number(format_of(*place)))
                }
                Kind::Date => Some(Field::Number(format_of(*place).into_dates())),
                Kind::Category | Kind::YesNo => {
                    if kind == Kind::Category {
                        let is_found = given.is_none();
                        let unread = || {
                            let digits = || scan.digit_code_note(name).or_else(|| scan.unread_number_note(name));
                            scan.unread_date_note(name).or_else(digits)
                        };
                        chosen.notes.extend(is_found.then(unread).flatten());
                        chosen.notes.extend(scan.category_note(names[*place]));
                    }
                    let labels = scan.labels("categories").map_err(|error| error.in_column(names[*place]))?;
                    chosen.notes.extend(
                        labels.as_ref().and_then(Labels::as_text).and_then(|texts| twins(texts, names[*place])),
                    );
                    labels.map(|categories| Field::Category { categories, is_yes_no: kind == Kind::YesNo })
                }
                Kind::Identifier | Kind::Text => {
                    let unread = || scan.unread_date_note(name).or_else(|| scan.digit_code_note(name));
                    chosen.notes.extend(given.is_none().then(unread).flatten());
                    None
                }
                Kind::Constant => {
                    let is_kept = self.keep_constants && scan.constant().is_some_and(|number| number != 0.0);
                    is_kept.then(|| Field::Number(format_of(*place)))
                }
            };
            match field {
                Some(field) => {
                    chosen.places.push(*place);
                    chosen.fields.push(field);
                }
                None => chosen.dropped.push((*place, reason)),
            }
        }
        if chosen.places.is_empty() {
            let why: Vec<String> =
                chosen.dropped.iter().map(|(place, reason)| format!("\"{}\" ({reason})", names[*place])).collect();
            let left = if why.is_empty() { String::new() } else { format!("; left out were {}", why.join(", ")) };
            let message = format!("no column is left to predict \"{}\" from{left}", names[self.target]);
            return Err(Error::new(ErrorKind::NoFeatures, message));
        }
        Ok(chosen)
    }

    /// The columns of which the cells are used as numbers, in the order of the table.
    pub(super) fn numbers(&self, chosen: &Chosen, labels: Option<&Labels>) -> Vec<usize> {
        let features = chosen.places.iter().zip(&chosen.fields);
        let features = features.filter(|(_, field)| matches!(field, Field::Number(_))).map(|(place, _)| *place);
        let target = labels.is_none().then_some(self.target);
        let places: Vec<usize> = features.chain(target).chain(self.weights).collect();
        let in_order = sorted_positions(places.len(), &|a, b| places[a].cmp(&places[b]));
        in_order.into_iter().map(|position| places[position]).collect()
    }

    /// The columns left out, in the order of the table.
    pub(super) fn left_out(&self, chosen: &Chosen, names: &[&str]) -> Vec<DroppedColumn> {
        let asked = self.dropped.iter().chain(&self.weights).map(|place| (*place, None));
        let found = chosen.dropped.iter().map(|(place, reason)| (*place, Some(reason.clone())));
        let all: Vec<(usize, Option<Note>)> = asked.chain(found).collect();
        let in_order = sorted_positions(all.len(), &|a, b| all[a].0.cmp(&all[b].0)).into_iter();
        let columns = in_order.map(|position| all[position].clone());
        columns.map(|(place, reason)| DroppedColumn { name: names[place].to_owned(), reason }).collect()
    }
}
