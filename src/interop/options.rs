//! What a file of another tool lacks.

/// What a file of another tool lacks, and may be told.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ImportOptions {
    /// The model's name, for people.
    pub name: String,
    /// The names of the features in their order; empty for those of the file.
    pub features: Vec<String>,
    /// The names of the classes in the order of the tool's numbers, the class 0 first; empty for the numbers.
    pub classes: Vec<String>,
    /// What numbers of features are measured in, by the features' names.
    pub units: Vec<(String, String)>,
    /// What features are, for people, by their names.
    pub descriptions: Vec<(String, String)>,
    /// The name of what is predicted; by default `target`.
    pub target: Option<String>,
    /// Whether the trees behind the best iteration count too, if the file says which one was best. XGBoost's own `predict` takes
    /// all trees, its scikit-learn wrapper those up to the best.
    pub all_trees: bool,
    /// Seconds since 1970-01-01 UTC. The library reads no clock.
    pub created: Option<u64>,
}
