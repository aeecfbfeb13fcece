//! The line search along a direction of descent.

/// A line search along a direction on which the loss is convex, by the slopes at its trials. A slope is the derivative
/// of the loss along the direction.
///
/// A step is accepted when the loss has decreased and the slope has lost a tenth of its steepness (the Wolfe
/// conditions). Near the optimum rounding hides the decrease of the loss, while slopes keep their sign. A loss that is
/// equal up to rounding therefore counts as decreased, unless the slope has turned too steep (the approximate Wolfe
/// conditions of Hager and Zhang, "A new conjugate gradient method with guaranteed descent", 2005, equation 4.1).
#[derive(Debug, Clone)]
pub(super) struct LineSearch {
    loss: f64,
    /// The slope at the start; negative.
    slope: f64,
    step: f64,
    /// The bracket: the longest step that is too short and the shortest that is too long, with the slopes there.
    short: (f64, f64),
    long: Option<(f64, f64)>,
    trials: u32,
}

/// What to do after a trial.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Verdict {
    Take,
    /// Try the new [`LineSearch::step`].
    Again,
    /// No step decreases the loss: the slope itself is rounding.
    GiveUp,
}

/// The constants of the Wolfe conditions: the fraction of the predicted decrease that is required, and the fraction of
/// the slope that may remain.
const ENOUGH_FALL: f64 = 1e-4;
const FLAT_ENOUGH: f64 = 0.9;
/// The fraction of the first slope that may remain with the opposite sign, where the loss is equal up to rounding.
const TURNED: f64 = 0.8;
/// The relative rounding error of a loss that is summed over many rows.
pub(super) const ROUNDING: f64 = 1e-13;
const MAX_TRIALS: u32 = 40;

impl LineSearch {
    pub(super) fn new(loss: f64, slope: f64, step: f64) -> Self {
        Self { loss, slope, step, short: (0.0, slope), long: None, trials: 0 }
    }

    /// The step to try, as a multiple of the direction.
    pub(super) fn step(&self) -> f64 {
        self.step
    }

    /// Takes the loss and the slope at [`LineSearch::step`].
    pub(super) fn tell(&mut self, loss: f64, slope: f64) -> Verdict {
        self.trials += 1;
        let has_fallen = loss <= self.loss + ENOUGH_FALL * self.step * self.slope
            || (loss <= self.loss + ROUNDING * self.loss.abs() && slope <= -TURNED * self.slope);
        if has_fallen && slope >= FLAT_ENOUGH * self.slope {
            return Verdict::Take;
        }
        if has_fallen && slope < 0.0 {
            self.short = (self.step, slope);
        } else {
            // A loss that is not a number also shortens the step.
            self.long = Some((self.step, slope));
        }
        if self.trials == MAX_TRIALS {
            return Verdict::GiveUp;
        }
        self.step = match self.long {
            None => 4.0 * self.step,
            Some((long, slope)) => {
                let (short, steepness) = self.short;
                // The secant step: the zero of the line through the two slopes, or the midpoint without one.
                let share = if slope > 0.0 && slope.is_finite() { steepness / (steepness - slope) } else { 0.5 };
                short + share.clamp(0.1, 0.9) * (long - short)
            }
        };
        Verdict::Again
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The steps tried on a function of one variable, and the verdict.
    fn search(first: f64, f: impl Fn(f64) -> (f64, f64)) -> (Vec<f64>, Verdict) {
        let (loss, slope) = f(0.0);
        let mut search = LineSearch::new(loss, slope, first);
        let mut steps = Vec::new();
        loop {
            steps.push(search.step());
            let (loss, slope) = f(search.step());
            match search.tell(loss, slope) {
                Verdict::Again => {}
                verdict => return (steps, verdict),
            }
        }
    }

    #[test]
    fn steps_that_are_too_long_or_too_short_are_mended() {
        let parabola = |x: f64| ((x - 3.0) * (x - 3.0), 2.0 * (x - 3.0));
        assert_eq!(search(3.0, parabola), (vec![3.0], Verdict::Take));
        for first in [1e-4, 0.01, 50.0, 1e6] {
            let (steps, verdict) = search(first, parabola);
            assert_eq!(verdict, Verdict::Take);
            assert!(parabola(*steps.last().unwrap()).0 < 9.0, "{steps:?}");
        }
    }

    #[test]
    fn a_loss_that_overflows_is_stepped_back_from() {
        let (steps, verdict) = search(1000.0, |x| (x.exp() - 3.0 * x, x.exp() - 3.0));
        assert_eq!(verdict, Verdict::Take);
        assert!(*steps.last().unwrap() < 2.0);
    }

    #[test]
    fn slopes_decide_where_the_loss_is_rounding() {
        // The decrease of 1e-22 is lost beside 1e9.
        let (steps, verdict) = search(1.0, |x| (1e9 + 1e-22 * (x - 1.0) * (x - 1.0), 2e-22 * (x - 1.0)));
        assert_eq!((steps, verdict), (vec![1.0], Verdict::Take));
    }

    #[test]
    fn a_direction_that_leads_nowhere_is_given_up() {
        assert_eq!(search(1.0, |x| (if x == 0.0 { 0.0 } else { 1.0 }, -1.0)).1, Verdict::GiveUp);
    }
}
