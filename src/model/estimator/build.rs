//! What a build leaves out.

/// Whether this build computes graphs, and what else few models have. One that does not knows none of their kinds, and so has
/// none; what would compute them is left out of it.
pub(crate) const HAS_GRAPHS: bool = cfg!(feature = "graph");
