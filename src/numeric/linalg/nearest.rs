//! The point of a cone that is nearest to 0.

use crate::numeric;

/// What is left of a vector, as a share of it, where rounding is all that is left.
const NOTHING: f64 = 1e-11;

/// The smallest vector `start + x_1 edge_1 + x_2 edge_2 + ...` with no negative x. The edges are found as they are needed (Lawson
/// and Hanson, "Solving Least Squares Problems", 1974, chapter 23): at the smallest vector none has a negative product with it.
#[derive(Debug, Clone)]
pub(crate) struct Nearest {
    start: Vec<f64>,
    nearest: Vec<f64>,
    edges: Vec<Vec<f64>>,
    factors: Vec<f64>,
    /// An orthonormal basis of the edges, and per edge its products with that.
    basis: Vec<Vec<f64>>,
    triangle: Vec<Vec<f64>>,
}

impl Nearest {
    pub(crate) fn new(start: Vec<f64>) -> Self {
        let nearest = start.clone();
        Self { start, nearest, edges: vec![], factors: vec![], basis: vec![], triangle: vec![] }
    }

    /// The smallest vector with the edges so far.
    pub(crate) fn vector(&self) -> &[f64] {
        &self.nearest
    }

    pub(crate) fn n_edges(&self) -> usize {
        self.edges.len()
    }

    /// Whether that vector is 0, up to rounding.
    pub(crate) fn is_zero(&self) -> bool {
        inner(&self.nearest, &self.nearest) <= NOTHING * NOTHING * inner(&self.start, &self.start)
    }

    /// Takes an edge whose product with the vector is negative; false where rounding leaves nothing of it.
    pub(crate) fn take(&mut self, edge: Vec<f64>) -> bool {
        if !self.append(edge) {
            return false;
        }
        loop {
            let wanted = self.least_squares();
            if wanted.iter().all(|factor| *factor > 0.0) {
                self.factors = wanted;
                break;
            }
            // As far as all factors remain at least 0; edges whose factor becomes 0 are given up.
            let steps = self
                .factors
                .iter()
                .zip(&wanted)
                .map(|(now, wanted)| if *wanted > 0.0 { f64::INFINITY } else { now / (now - wanted) });
            let steps: Vec<f64> = steps.collect();
            let step = steps.iter().copied().fold(f64::INFINITY, f64::min);
            if step.is_nan() {
                return false;
            }
            self.factors.iter_mut().for_each(|now| *now *= 1.0 - step);
            add(&mut self.factors, step, &wanted);
            let first = steps.iter().position(|own| *own == step).unwrap_or_default();
            let kept: Vec<bool> = steps.iter().map(|own| *own > step).collect();
            if kept.last() == Some(&false) {
                return false;
            }
            self.keep(first, &kept);
        }
        // What is left of the start beside the edges, rather than a sum of them: where edges are nearly alike, that would have few
        // correct digits.
        self.nearest = self.start.clone();
        for direction in self.basis.iter().chain(&self.basis) {
            let along = inner(&self.nearest, direction);
            add(&mut self.nearest, -along, direction);
        }
        true
    }

    /// Adds an edge with the factor 0, unless it depends on the others.
    fn append(&mut self, edge: Vec<f64>) -> bool {
        let size = inner(&edge, &edge).sqrt();
        let (mut rest, mut products) = (edge.clone(), vec![0.0; self.basis.len()]);
        // Twice is enough (Giraud, Langou and Rozloznik, "On the loss of orthogonality in the Gram-Schmidt process", 2005).
        for _ in 0..2 {
            for (product, direction) in products.iter_mut().zip(&self.basis) {
                let along = inner(&rest, direction);
                *product += along;
                add(&mut rest, -along, direction);
            }
        }
        let left = inner(&rest, &rest).sqrt();
        if left.is_nan() || left <= NOTHING * size {
            return false;
        }
        products.push(left);
        rest.iter_mut().for_each(|entry| *entry /= left);
        self.basis.push(rest);
        self.triangle.push(products);
        self.edges.push(edge);
        self.factors.push(0.0);
        true
    }

    /// Keeps some of the edges; those before `first` are all kept.
    fn keep(&mut self, first: usize, kept: &[bool]) {
        let edges = self.edges.split_off(first);
        let factors = self.factors.split_off(first);
        self.basis.truncate(first);
        self.triangle.truncate(first);
        for ((edge, factor), _) in edges.into_iter().zip(factors).zip(&kept[first..]).filter(|(_, is_kept)| **is_kept) {
            if self.append(edge)
                && let Some(last) = self.factors.last_mut()
            {
                *last = factor;
            }
        }
    }

    /// The factors of the smallest vector, whatever their signs.
    fn least_squares(&self) -> Vec<f64> {
        let mut factors: Vec<f64> = self.basis.iter().map(|direction| -inner(direction, &self.start)).collect();
        for at in (0..factors.len()).rev() {
            factors[at] /= self.triangle[at][at];
            let factor = factors[at];
            add(&mut factors[..at], -factor, &self.triangle[at]);
        }
        factors
    }
}

/// One copy of each serves here: no time is lost.
#[inline(never)]
fn inner(a: &[f64], b: &[f64]) -> f64 {
    numeric::dot(a, b)
}

/// Adds a multiple of another vector.
#[inline(never)]
fn add(to: &mut [f64], factor: f64, vector: &[f64]) {
    to.iter_mut().zip(vector).for_each(|(entry, part)| *entry += factor * part);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::dot;

    /// Finds the edges among these, the one with the most negative product each time.
    fn nearest(start: &[f64], edges: &[Vec<f64>]) -> Nearest {
        let mut nearest = Nearest::new(start.to_vec());
        for _ in 0..1000 {
            let product = |edge: &Vec<f64>| dot(edge, nearest.vector());
            let Some(worst) = edges.iter().min_by(|a, b| product(a).total_cmp(&product(b))) else { break };
            if nearest.is_zero() || product(worst) >= -1e-12 || !nearest.take(worst.clone()) {
                break;
            }
        }
        nearest
    }

    #[test]
    fn the_nearest_point_lies_on_the_face_that_looks_at_zero() {
        let edges = [vec![-1.0, 0.0, 0.0], vec![0.0, -1.0, 1.0], vec![1.0, 1.0, 1.0]];
        let found = nearest(&[3.0, 4.0, 0.0], &edges);
        assert!(!found.is_zero());
        let expected = [0.0, 2.0, 2.0];
        assert!(found.vector().iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?}");
    }

    /// Of random cones: no edge has a negative product with the nearest point, and a cone around 0 reaches it.
    #[test]
    fn no_edge_leads_nearer() {
        let mut state = 7_u64;
        let mut random = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as f64 / f64::from(1_u32 << 30) - 1.0
        };
        let (mut n_zero, mut n_apart) = (0, 0);
        for case in 0..300 {
            let (order, n_edges) = (1 + case % 7, 1 + case % 15);
            let mut vector = || (0..order).map(|_| random()).collect::<Vec<f64>>();
            let start = vector();
            let edges: Vec<Vec<f64>> = (0..n_edges).map(|_| vector()).collect();
            let found = nearest(&start, &edges);
            if found.is_zero() {
                n_zero += 1;
                continue;
            }
            n_apart += 1;
            for edge in &edges {
                assert!(dot(edge, found.vector()) >= -1e-9, "{case}: {found:?}");
            }
            let own = dot(found.vector(), found.vector());
            assert!((dot(&start, found.vector()) - own).abs() < 1e-9, "{case}: {found:?}");
        }
        assert!(n_zero > 50 && n_apart > 50, "{n_zero} {n_apart}");
    }
}
