//! Tables with known optima, for the tests and for examples/write-tables.rs: tests/golden/generate.py fits the same
//! bytes with scikit-learn and writes tests/golden/optima.json.
//!
//! Only additions, multiplications and divisions make the numbers, in a fixed order: every target writes the same text.

#![allow(dead_code, reason = "each test that includes this module asks for some of it")]
#![allow(clippy::panic, clippy::unwrap_used)]

use std::fmt::Write;

/// A table with the fit that is asked of it.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) csv: String,
    pub(crate) target: &'static str,
    /// The column of the rows' weights, which enter the standardization too.
    pub(crate) weights: Option<&'static str>,
    /// Whether a row counts n / (classes * rows of its class), in the loss but not in the standardization.
    pub(crate) balanced: bool,
    pub(crate) l2: f64,
    pub(crate) standardize: bool,
    pub(crate) intercept: bool,
}

/// Every case's name, in the order of optima.json.
pub(crate) const NAMES: [&str; 22] = [
    "iris",
    "wine",
    "breast-cancer",
    "breast-cancer-raw",
    "digits",
    "digits-raw",
    "diabetes-raw",
    "diabetes-ridge",
    "classification-50000x20x2",
    "classification-20000x64x10",
    "scales-5000x20x3",
    "separable-2000x5x2",
    "wide-200x2000",
    "constant-column",
    "equal-columns",
    "equal-columns-least-squares",
    "weighted",
    "weighted-least-squares",
    "balanced-1-in-500",
    "rare-1-in-500",
    "no-intercept",
    "unpenalized",
];

/// Makes one table; a test need not pay for the others.
pub(crate) fn case(name: &str) -> Case {
    let name = *NAMES.iter().find(|known| **known == name).unwrap_or_else(|| panic!("no table is called {name}"));
    let classes = |csv: String| Case {
        name,
        csv,
        target: "class",
        weights: None,
        balanced: false,
        l2: 1.0,
        standardize: true,
        intercept: true,
    };
    let numbers = |csv: String| Case { target: "target", ..classes(csv) };
    match name {
        "iris" => Case { target: "species", ..classes(include_str!("../../www/data/iris.csv").into()) },
        "wine" => Case { target: "cultivar", ..classes(include_str!("../golden/wine.csv").into()) },
        "breast-cancer" | "breast-cancer-raw" => Case {
            target: "diagnosis",
            standardize: name == "breast-cancer",
            ..classes(include_str!("../golden/breast_cancer.csv").into())
        },
        "digits" | "digits-raw" => Case {
            target: "digit",
            standardize: name == "digits",
            ..classes(include_str!("../golden/digits.csv").into())
        },
        "diabetes-raw" | "diabetes-ridge" => {
            let ridge = name == "diabetes-ridge";
            Case {
                target: "progression",
                l2: if ridge { 1.0 } else { 0.0 },
                standardize: ridge,
                ..classes(include_str!("../golden/diabetes.csv").into())
            }
        }
        "classification-50000x20x2" => {
            let shape = Shape { rows: 50_000, informative: 10, redundant: 5, noise: 5, classes: 2 };
            classes(class_table(&clusters(1, &shape), &CLASSES, six_decimals))
        }
        "classification-20000x64x10" => {
            let shape = Shape { rows: 20_000, informative: 20, redundant: 10, noise: 34, classes: 10 };
            classes(class_table(&clusters(2, &shape), &CLASSES, six_decimals))
        }
        "scales-5000x20x3" => Case { standardize: false, ..classes(scales()) },
        "separable-2000x5x2" => classes(separable()),
        "wide-200x2000" => classes(wide()),
        "constant-column" => classes(constant_column()),
        "equal-columns" => classes(class_table(&equal_columns(), &CLASSES, six_decimals)),
        "equal-columns-least-squares" => {
            let rows = equal_columns().into_iter().map(|(features, _)| features).collect();
            Case { l2: 0.0, standardize: false, ..numbers(number_table(12, rows, None)) }
        }
        "weighted" => Case { weights: Some("weight"), ..classes(weighted()) },
        "weighted-least-squares" => {
            let mut random = Random(14);
            let rows = (0..400).map(|_| random.normals(4)).collect();
            let weights = (0..400).map(|_| random.weight()).collect();
            Case {
                weights: Some("weight"),
                l2: 0.5,
                standardize: false,
                ..numbers(number_table(15, rows, Some(weights)))
            }
        }
        "balanced-1-in-500" => Case { balanced: true, ..classes(rare()) },
        "rare-1-in-500" => classes(rare()),
        "no-intercept" => {
            let rows = blobs(&mut Random(17), 3, (0..300).map(|row| row % 2));
            Case { standardize: false, intercept: false, ..classes(class_table(&rows, &CLASSES, six_decimals)) }
        }
        "unpenalized" => {
            let rows = blobs(&mut Random(18), 4, (0..500).map(|row| row % 2));
            Case { l2: 0.0, ..classes(class_table(&rows, &CLASSES, six_decimals)) }
        }
        _ => panic!("{name} is listed but not made"),
    }
}

const CLASSES: [&str; 10] = ["c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9"];

/// A row's features and the place of its class.
type Row = (Vec<f64>, usize);

/// splitmix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// At least 0 and below 1, a multiple of 2^-53.
    fn uniform(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Close to normal, mean 0 and deviation 1, without a logarithm, which targets round differently.
    fn normal(&mut self) -> f64 {
        let mut sum = 0.0;
        for _ in 0..12 {
            sum += self.uniform();
        }
        sum - 6.0
    }

    fn normals(&mut self, count: usize) -> Vec<f64> {
        (0..count).map(|_| self.normal()).collect()
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.uniform() * bound as f64) as usize
    }

    fn weight(&mut self) -> f64 {
        0.25 + 3.75 * self.uniform()
    }

    /// Entries between -1 and 1.
    fn matrix(&mut self, rows: usize, columns: usize) -> Vec<Vec<f64>> {
        (0..rows).map(|_| (0..columns).map(|_| 2.0 * self.uniform() - 1.0).collect()).collect()
    }
}

struct Shape {
    rows: usize,
    informative: usize,
    redundant: usize,
    noise: usize,
    classes: usize,
}

/// The pipeline of scikit-learn's make_classification: two clusters a class around corners of the cube
/// [-1, 1]^informative, each stretched by a matrix of its own, then combinations of those features, then noise; 1 % of
/// the classes are wrong.
fn clusters(seed: u64, shape: &Shape) -> Vec<Row> {
    let random = &mut Random(seed);
    let clusters = 2 * shape.classes;
    let mut corners: Vec<Vec<f64>> = Vec::new();
    while corners.len() < clusters {
        let corner = (0..shape.informative).map(|_| if random.uniform() < 0.5 { -1.0 } else { 1.0 }).collect();
        if !corners.contains(&corner) {
            corners.push(corner);
        }
    }
    let stretches: Vec<_> = (0..clusters).map(|_| random.matrix(shape.informative, shape.informative)).collect();
    let combinations = random.matrix(shape.informative, shape.redundant);
    let row = |row: usize| {
        let cluster = row % clusters;
        let mut features = product(&random.normals(shape.informative), &stretches[cluster]);
        for (feature, corner) in features.iter_mut().zip(&corners[cluster]) {
            *feature += corner;
        }
        let redundant = product(&features, &combinations);
        features.extend(redundant);
        features.extend(random.normals(shape.noise));
        let mut class = cluster % shape.classes;
        if random.uniform() < 0.01 {
            class = (class + 1 + random.below(shape.classes - 1)) % shape.classes;
        }
        (features, class)
    };
    (0..shape.rows).map(row).collect()
}

fn product(vector: &[f64], matrix: &[Vec<f64>]) -> Vec<f64> {
    let mut sums = vec![0.0; matrix[0].len()];
    for (factor, row) in vector.iter().zip(matrix) {
        for (sum, entry) in sums.iter_mut().zip(row) {
            *sum += factor * entry;
        }
    }
    sums
}

/// Normal rows around a centre per class, close enough for the classes to overlap.
fn blobs(random: &mut Random, features: usize, classes: impl Iterator<Item = usize>) -> Vec<Row> {
    let centres: Vec<_> = (0..CLASSES.len()).map(|_| random.normals(features)).collect();
    let around = |class: usize| {
        let row = centres[class].iter().map(|centre| 0.7 * centre + random.normal()).collect();
        (row, class)
    };
    classes.map(around).collect()
}

/// Columns from thousandths to ten thousands, which a fit without standardizing has to bear.
fn scales() -> String {
    let mut rows = clusters(3, &Shape { rows: 5_000, informative: 10, redundant: 5, noise: 5, classes: 3 });
    for (features, _) in &mut rows {
        // 10^(-3 + 7 j / 19), by products because targets round powf differently.
        let mut scale = 1e-3;
        for feature in features {
            *feature *= scale;
            scale *= 2.335_721_469_090_122_2;
        }
    }
    class_table(&rows, &CLASSES, nine_digits)
}

/// Classes on either side of a plane that no row is near.
fn separable() -> String {
    let random = &mut Random(4);
    let plane = random.normals(5);
    let mut rows: Vec<Row> = Vec::new();
    while rows.len() < 2_000 {
        let features = random.normals(5);
        let score = 0.3 + plane.iter().zip(&features).map(|(factor, feature)| factor * feature).sum::<f64>();
        if score.abs() > 0.05 {
            rows.push((features, usize::from(score > 0.0)));
        }
    }
    class_table(&rows, &CLASSES, six_decimals)
}

/// Ten columns that tell something, 1990 that do not.
fn wide() -> String {
    let random = &mut Random(5);
    let row = |row: usize| {
        let mut features = random.normals(2_000);
        for feature in &mut features[..10] {
            *feature += [-0.5, 0.5][row % 2];
        }
        (features, row % 2)
    };
    class_table(&(0..200).map(row).collect::<Vec<_>>(), &CLASSES, six_decimals)
}

/// The middle column is 0.1 throughout: the rounded mean of equal numbers may differ from them.
fn constant_column() -> String {
    let mut rows = blobs(&mut Random(10), 4, (0..300).map(|row| row % 2));
    for (features, _) in &mut rows {
        features.insert(2, 0.1);
    }
    class_table(&rows, &CLASSES, six_decimals)
}

fn equal_columns() -> Vec<Row> {
    let mut rows = blobs(&mut Random(11), 3, (0..300).map(|row| row % 2));
    for (features, _) in &mut rows {
        features.push(features[1]);
    }
    rows
}

fn weighted() -> String {
    let random = &mut Random(13);
    let mut rows = blobs(random, 4, (0..400).map(|row| row % 3));
    for (features, _) in &mut rows {
        features.push(random.weight());
    }
    let mut text = String::from("f0,f1,f2,f3,weight,class\n");
    write_class_rows(&mut text, &rows, &CLASSES, six_decimals);
    text
}

/// Every 500th row is of the rare class.
fn rare() -> String {
    let rows = blobs(&mut Random(16), 4, (0..10_000).map(|row| usize::from(row % 500 == 499)));
    class_table(&rows, &["common", "rare"], six_decimals)
}

type Cell = fn(&mut String, f64);

fn six_decimals(text: &mut String, value: f64) {
    write!(text, "{value:.6},").unwrap();
}

fn nine_digits(text: &mut String, value: f64) {
    write!(text, "{value:.8e},").unwrap();
}

fn header(features: usize) -> String {
    (0..features).map(|feature| format!("f{feature},")).collect()
}

fn class_table(rows: &[Row], names: &[&str], cell: Cell) -> String {
    let mut text = header(rows[0].0.len()) + "class\n";
    write_class_rows(&mut text, rows, names, cell);
    text
}

fn write_class_rows(text: &mut String, rows: &[Row], names: &[&str], cell: Cell) {
    for (features, class) in rows {
        for feature in features {
            cell(text, *feature);
        }
        text.push_str(names[*class]);
        text.push('\n');
    }
}

/// Features, a weight where there are weights, and the number `3 + 2 f0 - f1 + f2 / 2` with noise of deviation 1.
fn number_table(seed: u64, rows: Vec<Vec<f64>>, weights: Option<Vec<f64>>) -> String {
    let random = &mut Random(seed);
    let mut text = header(rows[0].len()) + if weights.is_some() { "weight,target\n" } else { "target\n" };
    for (place, features) in rows.iter().enumerate() {
        for feature in features {
            six_decimals(&mut text, *feature);
        }
        if let Some(weights) = &weights {
            six_decimals(&mut text, weights[place]);
        }
        let target = 3.0 + 2.0 * features[0] - features[1] + 0.5 * features[2] + random.normal();
        writeln!(text, "{target:.6}").unwrap();
    }
    text
}
