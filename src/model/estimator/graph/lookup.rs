//! Functions of one number that are given by points.

/// Values of some numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Lookup {
    /// The numbers, sorted, each once.
    pub keys: Vec<f64>,
    /// The value of each.
    pub values: Vec<f64>,
    /// The value of all others.
    pub other: f64,
    /// The value where the number is missing.
    pub missing: f64,
}

/// Straight lines between points, level before the first and behind the last. What is missing stays so.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Where the points are, in order. Of two at the same place the last one counts there.
    pub x: Vec<f64>,
    /// How high they are.
    pub y: Vec<f64>,
}

impl Lookup {
    /// Whether keys are in order, and there is a value for each.
    pub(super) fn is_possible(&self) -> bool {
        self.keys.len() == self.values.len() && self.keys.is_sorted_by(|a, b| a < b)
    }

    pub(super) fn of(&self, number: f64) -> f64 {
        if number.is_nan() {
            return self.missing;
        }
        let at = self.keys.partition_point(|key| *key < number);
        if self.keys.get(at) == Some(&number) { self.values[at] } else { self.other }
    }
}

impl Curve {
    /// Whether there are points, and they are in order.
    pub(super) fn is_possible(&self) -> bool {
        !self.x.is_empty() && self.x.len() == self.y.len() && self.x.is_sorted()
    }

    /// As `numpy.interp` does it.
    pub(super) fn of(&self, number: f64) -> f64 {
        let (x, y) = (&self.x, &self.y);
        let next = x.partition_point(|x| *x <= number);
        match next.checked_sub(1) {
            _ if number.is_nan() => number,
            None => y[0],
            Some(at) if next == x.len() || x[at] == number => y[at],
            Some(at) => (y[next] - y[at]) / (x[next] - x[at]) * (number - x[at]) + y[at],
        }
    }
}
