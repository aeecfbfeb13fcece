//! Every note that tepal makes: its code, how much it matters, and its English sentence.
//!
//! A code stands in model files, so it never changes its meaning. In a sentence `{}` is the next parameter, `{q}` the next
//! one in quotes, and `{rows}` the next one as a number of rows.

/// A kind of note.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Code {
    pub(crate) name: &'static str,
    pub(super) level: Level,
    pub(super) sentence: &'static str,
}

/// How much a note matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, bincode::Encode, bincode::Decode)]
pub enum Level {
    /// How something was done.
    Info,
    /// A figure may mislead.
    Caution,
    /// Something is wrong with the table or the fit.
    Warning,
}

macro_rules! codes {
    ($($constant:ident = $name:literal, $level:ident, $sentence:literal;)*) => {
        $(pub(crate) const $constant: Code = Code { name: $name, level: Level::$level, sentence: $sentence };)*

        /// All of them.
        pub(super) const ALL: &[Code] = &[$($constant),*];
    };
}

codes! {
    // Words of an earlier version, or of another tool.
    TEXT = "text", Info, "{}";

    // How a model of another tool was read.
    UNNAMED_FEATURES = "unnamed_features", Info, "the file has no names of features, so they are called f0, f1 and so on; --names gives them";
    NUMBERED_CLASSES = "numbered_classes", Info, "the file has no names of classes, so they are 0, 1 and so on; --classes gives them";
    NUMBERED_CATEGORIES = "numbered_categories", Caution,
        "column {q}: the file has no names of categories, so rows need the tool's numbers of them, from 0";
    BEST_ITERATION = "best_iteration", Info,
        "{} of {} trees are used, those up to the best iteration, as the scikit-learn wrapper does; --all-trees uses all";
    UNKNOWN_RANGES = "unknown_ranges", Info,
        "the file does not say which numbers some features have; forms begin with -1 to 1 for these, and --range tells more";
    DIFFERENT_LABELS = "different_labels", Caution,
        "for {rows} that were given the model itself says another class than the most probable one, which is said here";
    SHARES_OF_CLASSES = "shares_of_classes", Info,
        "the probabilities of {} are divided by their sum";
    KEPT_ROWS = "kept_rows", Caution,
        "the export has {rows} that were given";
    HAS_TRAINING_ROWS = "has_training_rows", Caution,
        "the model has support vectors, {} in all, which are rows of the table that it was trained on";
    AGREES_WITH_SOURCE = "agrees_with_source", Info,
        "agrees with {} on {rows} made from its features, and on {rows} that were given, to {}";
    NEWER_SOURCE = "newer_source", Caution,
        "the file is of {} {}, and files up to version {} were compared with the tool's own predictions";

    // How a file of rows was read.
    SEMICOLONS = "read_with_semicolons", Info, "cells were read as separated by semicolons";
    TABS = "read_with_tabs", Info, "cells were read as separated by tabs";
    BARS = "read_with_bars", Info, "cells were read as separated by bars";
    DECIMAL_COMMA = "read_with_decimal_comma", Info, "numbers were read with a decimal comma: 1,5 as one and a half";
    NO_HEADER = "read_without_header", Caution,
        "the first row looks like data, so the columns are called column_1, column_2 and so on";
    LATIN_1 = "read_as_latin_1", Caution,
        "row {} is not UTF-8, so it and others like it were read as Latin-1; save the file as UTF-8 to be sure";
    UNNAMED_FIRST = "unnamed_first_column", Info,
        "the first column has no name and numbers the rows, so it was left out";
    UNNAMED_LAST = "unnamed_last_column", Info, "the last column has no name and no cell, so it was left out";
    UNNAMED_EMPTY = "unnamed_empty_column", Info, "a column has no name and no cell, so it was left out";
    UNNAMED_EMPTY_ONES = "unnamed_empty_columns", Info, "some columns have no name and no cell, so they were left out";
    WRITTEN_NUMBERS = "written_numbers", Info, "column {q}: numbers were read as people write them, {}";
    MISSING_WORDS = "missing_words", Info, "column {q} is missing where it says {}";
    MISSING_WORDS_OF_COLUMNS = "missing_words_of_columns", Info, "columns {} are missing where they say {}";
    UNREAD_DATES = "unread_dates", Caution,
        "column {q}: cells such as {q} look like dates and were read as texts; write dates as 2024-05-31";
    DATE_ORDER = "date_order", Caution, "dates of {q} are read as {} here and as {} in the training table, which is 31 May 2024";
    PANDAS_INDEX = "pandas_index", Info, "column {q} is the index that pandas wrote, so it was left out";
    UNREAD_COLUMN = "unread_column", Caution, "column {q} holds {}, so it was left out";
    NESTED_VALUES = "nested_values", Caution, "column {q} has {} in {rows} and no other values, so it was left out";
    NAME_NOT_IN_ALL = "name_not_in_all", Info, "{q} is in {} of {rows}, and missing in the others";
    NAMES_NOT_IN_ALL = "names_not_in_all", Info, "{} columns are not in every line, and missing in the others";
    SHEET = "sheet", Info, "the sheet {q} was read, and none of {}; --sheet chooses another";
    DURATIONS = "durations", Info, "durations such as that of cell {} were read as numbers of days: 36 hours as 1.5";
    ONE_WITHOUT_TARGET = "one_row_without_target", Info, "1 row has no value of the target {q} and was left out";
    ROWS_WITHOUT_WEIGHT = "rows_without_weight", Info, "{rows} of weight 0 left out";
    ROWS_WITHOUT_TARGET = "rows_without_target", Info, "{} rows have no value of the target {q} and were left out";

    // Why a column was read as it was, or left out.
    IDENTIFIER = "identifier", Info, "an identifier";
    SENTENCES = "sentences", Info, "sentences";
    ALL_MISSING = "all_missing", Info, "every cell is missing";
    ALL_NUMBERS = "all_numbers", Info, "every cell is a number";
    PRESENT_NUMBERS = "present_numbers", Info, "every cell that is not missing is a number";
    MOSTLY_NUMBERS = "mostly_numbers", Info, "most cells are numbers";
    ALL_DATES = "all_dates", Info, "every cell is a date";
    PRESENT_DATES = "present_dates", Info, "every cell that is not missing is a date";
    MOSTLY_DATES = "mostly_dates", Info, "most cells are dates";
    ALL_ONE_NUMBER = "all_one_number", Info, "every cell is {}";
    PRESENT_ONE_NUMBER = "present_one_number", Info, "every cell that is not missing is {}";
    ALL_ONE_TEXT = "all_one_text", Info, "every cell is {q}";
    PRESENT_ONE_TEXT = "present_one_text", Info, "every cell that is not missing is {q}";
    ALL_TWO_TEXTS = "all_two_texts", Info, "every cell is {q} or {q}";
    PRESENT_TWO_TEXTS = "present_two_texts", Info, "every cell that is not missing is {q} or {q}";
    NUMBERED_ROWS = "numbered_rows", Info, "its name, and a whole number of its own in every row";
    NUMBERED_FIRST_ROWS = "numbered_first_rows", Info,
        "its name, and a whole number of its own in each of the first {} rows";
    TOO_MANY_TEXTS = "too_many_texts", Info, "more than {} different texts";
    OWN_TEXTS = "own_texts", Info, "a text of its own in every row";
    NEARLY_OWN_TEXTS = "nearly_own_texts", Info, "{} different texts in {rows}: almost every row has its own";
    FREE_TEXT = "free_text", Info, "free text: {} different texts of several words in {rows}";
    DIFFERENT_TEXTS = "different_texts", Info, "{} different texts";

    // What to know of a column before a fit.
    MANY_CATEGORIES = "many_categories", Caution,
        "column {q} has {} categories in {rows}, so little is known of each; leave it out or join rare ones";
    TWINS = "twins", Caution, "{q}: {} are told apart although they are spelled nearly alike";
    LEADING_ZEROS = "leading_zeros", Caution,
        "column {q}: cells such as {q} were read as numbers; if they are codes, make it a category, and of the target classes \
         (--task classification)";
    UNREAD_NUMBERS = "unread_numbers", Info,
        "column {q}: cells such as {q} begin with a number and were read as categories; write numbers as \
         plain digits, and dates as 2024-05-31";
    DIGIT_CODES = "digit_codes", Info,
        "column {q}: cells such as {q} would lose digits as numbers, so all were read as texts; \
         if they are numbers, say so (--number)";
    DIGIT_CLASSES = "digit_classes", Info,
        "target {q}: cells such as {q} would lose digits as numbers, so all were read as classes; \
         if they are numbers, say so (--task regression)";
    DATE_DIGITS = "date_digits", Caution,
        "column {q}: numbers such as {} look like dates; read them as dates (--date), or write them as 2024-05-31";

    // What to know of a fit.
    DEPENDENT_COLUMNS = "dependent_columns", Warning,
        "on these {} rows the columns {} are linear combinations of the columns before them, so many coefficients give the \
         same predictions; those of least norm were taken";
    NEARLY_DEPENDENT_COLUMNS = "nearly_dependent_columns", Warning,
        "no fit tells some columns from linear combinations of the columns before them, from which they differ by less than a \
         millionth, so they got no coefficient: {}; leave them out";
    LEARNER_TAKEN = "learner_taken", Info,
        "{} was taken, and not {}: over {} folds its {} is {}, that of the other {}";
    LEARNER_NOT_COMPARED = "learner_not_compared", Caution, "{} was not compared: {}";
    UNSCORED_ROW_OF_FOLDS = "unscored_row_of_folds", Caution,
        "1 row of the folds was not scored, for a category or a missing value that the other folds do not have";
    UNSCORED_ROWS_OF_FOLDS = "unscored_rows_of_folds", Caution,
        "{} rows of the folds were not scored, for a category or a missing value that the other folds do not have";

    FIGURES_OF_FEWER_FOLDS = "figures_of_fewer_folds", Caution,
        "{}: of {} of {} folds only, since it has no value in the others";
    FEWER_LEVELS = "fewer_levels", Caution,
        "the folds have too few rows for intervals or sets at {} % and above, so predictions come without them";

    // Why standard errors are withheld.
    MANY_CLASSES = "many_classes", Info, "there are more than two classes";
    NOT_AT_OPTIMUM = "not_at_optimum", Info, "the fit is short of its optimum";
    NOT_DETERMINED = "not_determined", Info,
        "columns depend on others, so that their coefficients are not determined";
    WEIGHTED_ROWS = "weighted_rows", Info, "rows are weighted: what a weight says of chance is not known";
    WEIGHTED_CLASSES = "weighted_classes", Info, "classes are weighted";
    MANY_COLUMNS = "many_columns", Info, "there are too many columns";
    FEW_ROWS_FOR_COLUMNS = "few_rows_for_columns", Info, "there are no more rows than coefficients";
    REDUNDANT_COLUMNS = "redundant_columns", Info,
        "some columns tell nothing beside the others, so that chance moves their coefficients freely";
    PENALTY_DECIDES = "penalty_decides", Info,
        "the penalty decides more than a twentieth of some coefficients, whose errors would look too small; fit with l2 0, \
         and categories without their first, for all of them";

    // How a threshold was chosen.
    AS_ASKED = "as_asked", Info, "as asked for";
    YOUDEN = "youden", Info, "the greatest sum of sensitivity and specificity (Youden's index)";
    F1 = "f1", Info, "the greatest F1 of the positive class";
    SENSITIVITY = "sensitivity", Info, "the greatest specificity with a sensitivity of at least {}";
    SPECIFICITY = "specificity", Info, "the greatest sensitivity with a specificity of at least {}";
    COST = "cost", Info, "the lowest cost when a false positive costs {} and a false negative {}";

    // What to know before believing figures.
    FEW_ROWS = "few_rows", Caution, "{rows}: an accuracy of {} % may be {} to {} %";
    FEW_ROWS_OF_NUMBERS = "few_rows_of_numbers", Caution, "{rows}: on other rows the errors may be quite different";
    FEW_ROWS_OF_CLASS = "few_rows_of_class", Caution, "class {q} has {rows} to test on";
    FEW_ROWS_OF_ONE_MORE = "few_rows_of_one_more", Caution, "1 more class has fewer than {rows} to test on";
    FEW_ROWS_OF_MORE = "few_rows_of_more", Caution, "{} more classes have fewer than {rows} to test on";
    COVERAGE_SHORT = "coverage_short", Caution,
        "answers at {} % hold the truth in {} % of these rows only";
    NOT_BETTER = "not_better", Warning, "not better than always answering {q}: {} of {rows} right, against {}";
    WORSE_PROBABILITIES = "worse_probabilities", Warning,
        "the probabilities are worse than always answering each class's share of the training rows (log loss)";
    NOT_BETTER_THAN_MEAN = "not_better_than_mean", Warning,
        "not better than always answering the mean of the training rows (root mean squared error)";
    NOT_BETTER_THAN_CONSTANT = "not_better_than_constant", Warning,
        "not better than always answering the same number (loss {})";
    LOSS_NOT_DEFINED = "loss_not_defined", Caution,
        "the loss {} has no value for a target of these rows, so its mean is not given";
    UNSCORED_ROW = "unscored_row", Caution,
        "1 row was not scored, for a category or a missing value that no training row has";
    UNSCORED_ROWS = "unscored_rows", Caution,
        "{} rows were not scored, for a category or a missing value that no training row has";
}
