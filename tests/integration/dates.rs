//! Dates through the library's public door: days since 1970-01-01 in training, in files of rows, by name and in the model file.

use super::forge::Parts;
use tepal::batch::{BatchPredictor, PredictedRow};
use tepal::dataset::Stream;
use tepal::pipeline::Training;
use tepal::predict::Value;
use tepal::preprocess::{self, DateParts};
use tepal::table::{Kind, Moment, ReadOptions};
use tepal::train::{Learner, Options};
use tepal::{Model, Pipeline, Roles, Table};

/// How a year, a month and a day are written.
type Write = fn(i64, u32, u32) -> String;

/// A price that rises by two a day, on 40 days that `write` writes.
fn table(write: impl Fn(i64, u32, u32) -> String) -> String {
    let row = |i: u32| {
        let (month, day) = (1 + i % 12, 1 + i * 7 % 28);
        let days = Moment::of_date(2023, month, day).unwrap().days;
        format!("{},{}\n", write(2023, month, day), 2 * days + 7)
    };
    format!("day,price\n{}", (0..40).map(row).collect::<String>())
}

fn model(csv: &str) -> Model {
    Pipeline::new("price").train(&Table::parse(csv.as_bytes()).unwrap()).unwrap()
}

/// What is predicted for 31 May 2024.
const EXPECTED: f64 = 2.0 * 19_874.0 + 7.0;

fn predict(model: &Model, value: Value<'_>) -> Result<f64, String> {
    let row = model.row([("day", value)]).map_err(|error| error.to_string())?;
    Ok(model.predict_many(&row).unwrap()[0])
}

#[test]
fn months_and_weekdays_are_those_of_a_table_that_has_them_as_categories() {
    let row = |i: i64| {
        let day = Moment { days: 19_000 + i * 37 % 800, nanoseconds: 0 };
        let (month, weekday) = (day.to_string()[5..7].to_owned(), (day.days + 3).rem_euclid(7));
        let price = 3 * (i % 5) + 2 * i64::from(month == "06") + i64::from(weekday == 6);
        (format!("{day},{price}\n"), format!("{day},m{month},w{weekday},{price}\n"))
    };
    let rows: Vec<(String, String)> = (0..200).map(row).collect();
    let dates = format!("day,price\n{}", rows.iter().map(|(dates, _)| dates.as_str()).collect::<String>());
    let categories = format!("day,m,w,price\n{}", rows.iter().map(|(_, all)| all.as_str()).collect::<String>());
    let parts = DateParts::NAMES.iter().find(|(name, _)| *name == "days-month-weekday").unwrap().1;
    let options = |date_parts| {
        let preprocess = preprocess::Options { date_parts, ..preprocess::Options::default() };
        Learner::Linear(Options { preprocess, ..Options::default() })
    };
    let train = |csv: &str, date_parts| {
        let pipeline = Pipeline { learner: options(date_parts), ..Pipeline::new("price") };
        pipeline.train(&Table::parse(csv.as_bytes()).unwrap()).unwrap()
    };
    let (by_parts, by_categories) = (train(&dates, parts), train(&categories, DateParts::default()));
    assert!(model(&dates).encode().unwrap() != by_parts.encode().unwrap());

    let file = by_parts.encode().unwrap();
    let mut read = Parts::of(&file).unwrap();
    assert!(
        read.kinds.contains(&"step/columns-of-dates".to_owned()) && !read.kinds.contains(&"step/columns".to_owned())
    );
    let by_parts = Model::decode(&file).unwrap();
    assert_eq!(by_parts.encode().unwrap(), file);
    assert_eq!(by_parts.provenance().unwrap().preprocess.date_parts, parts);
    let days = (19_000..19_800).map(f64::from).chain([19_874.75, -3.0]).collect::<Vec<_>>();
    let many = by_parts.predict_many(&days).unwrap();
    for (days, price) in days.iter().zip(&many) {
        assert_eq!(by_parts.predict_many(&[*days]).unwrap()[0].to_bits(), price.to_bits());
        let day = Moment::of_days(*days).to_string();
        let (month, weekday) = (format!("m{}", &day[5..7]), format!("w{}", (days.floor() as i64 + 3).rem_euclid(7)));
        let row = [("day", Value::Number(*days)), ("m", Value::Text(&month)), ("w", Value::Text(&weekday))];
        let expected = by_categories.predict_many(&by_categories.row(row).unwrap()).unwrap()[0];
        assert!((price - expected).abs() < 1e-9, "{day}: {price} {expected}");
    }

    // A month that there is not: the bytes are a choice, 3, and the month.
    let part = read.part("predictor");
    let may = part.windows(3).position(|bytes| bytes == [0, 3, 4]).unwrap();
    part[may + 2] = 19;
    let error = Model::decode(&read.file()).unwrap_err();
    assert_eq!(error.to_string(), "column \"day\": a column of a category that the feature does not have");
}

#[test]
fn dates_in_every_spelling_give_the_same_fit() {
    let spellings: [(Write, &str); 5] = [
        (|y, m, d| format!("{y}-{m:02}-{d:02}"), "2024-05-31"),
        (|y, m, d| format!("{y}/{m}/{d} 00:00:00"), "2024-05-31"),
        (|y, m, d| format!("{d}.{m}.{y}"), "2024-05-31"),
        (|y, m, d| format!("{d:02}/{m:02}/{y}"), "31/05/2024"),
        (|y, m, d| format!("{m}-{d}-{y}"), "05/31/2024"),
    ];
    let bits = |model: &Model| model.predict_many(&[19_874.0]).unwrap()[0].to_bits();
    let first = bits(&model(&table(spellings[0].0)));
    for (write, written) in spellings {
        let csv = table(write);
        let model = model(&csv);
        let feature = &model.schema().features[0];
        assert_eq!((feature.written.as_deref(), feature.is_date()), (Some(written), true));
        assert_eq!(feature.unit.as_deref(), Some("days since 1970-01-01"));
        assert_eq!(bits(&model), first, "{csv}");

        let read = Model::decode(&model.encode().unwrap()).unwrap();
        assert_eq!(read.schema(), model.schema());
        assert!((predict(&read, Value::Text("2024-05-31")).unwrap() - EXPECTED).abs() < 1e-6);
        assert_eq!(predict(&read, Value::Text("2024-05-31")), predict(&read, Value::Number(19_874.0)));
        let error = predict(&read, Value::Text("05/06/2024")).unwrap_err();
        assert_eq!(error, "column \"day\": expected a date such as 2024-05-31, found the text \"05/06/2024\"");
    }
}

#[test]
fn numbers_are_dates_where_a_caller_says_so() {
    let csv = table(|y, m, d| (Moment::of_date(y, m, d).unwrap().days + 25_569).to_string());
    let roles = Roles { target: "price".into(), kinds: vec![("day".into(), Kind::Date)], ..Roles::default() };
    let pipeline = Pipeline { roles: roles.clone(), ..Pipeline::new("price") };
    let model = pipeline.train(&Table::parse(csv.as_bytes()).unwrap()).unwrap();
    assert_eq!(model.schema().features[0].written.as_deref(), Some("45443 (2024-05-31)"));
    let dates = table(|y, m, d| format!("{y}-{m:02}-{d:02}"));
    let by_dates = Pipeline::new("price").train(&Table::parse(dates.as_bytes()).unwrap()).unwrap();
    assert_eq!(model.predict_many(&[19_874.0]), by_dates.predict_many(&[19_874.0]));

    let stream = Stream::open(Box::new(csv.into_bytes()), &roles, &ReadOptions::default()).unwrap();
    let mut training = Training::stream(stream, &pipeline).unwrap();
    while !training.progress().done {
        training.step().unwrap();
    }
    assert_eq!(training.finish().unwrap().model.encode().unwrap(), model.encode().unwrap());
}

/// What the rows of a file are read as, by a model that was trained on dates with the day first.
#[test]
fn the_order_of_day_and_month_is_that_of_the_file() {
    let row = |i: u32| format!("{0:02}/{1:02}/2023,{0:02}/{1:02}/2024,{i}\n", 1 + i * 7 % 28, 1 + i % 12);
    let csv = format!("born,seen,y\n{}", (0..40).map(row).collect::<String>());
    let model = Pipeline::new("y").train(&Table::parse(csv.as_bytes()).unwrap()).unwrap();
    let outputs = |rows: &str| {
        let options = ReadOptions::default();
        let scorer = BatchPredictor::new(&model, rows.as_bytes(), true, &options, None).unwrap();
        let mut outputs = Vec::new();
        let take = |row: PredictedRow<'_>| {
            outputs.push(row.outputs.map(|outputs| outputs[0].to_bits()).map_err(|error| error.to_string()));
            Ok(())
        };
        scorer.score(rows.as_bytes(), true, 0, take).unwrap();
        outputs
    };
    let expected = outputs("born,seen\n2023-07-05,2024-06-18\n");
    // Its own dates, those of another column, or the training table say what comes first.
    assert_eq!(outputs("born,seen\n05/07/2023,18/06/2024\n"), expected);
    assert_eq!(outputs("born,seen\n07/05/2023,06/18/2024\n"), expected);
    assert_eq!(outputs("born,seen\n05/07/2023,2024-06-18\n"), expected);
    // Another order than the training table's is said.
    let notes = |rows: &str| {
        let predictor = BatchPredictor::new(&model, rows.as_bytes(), true, &ReadOptions::default(), None).unwrap();
        predictor.notes().iter().map(|note| note.to_string()).collect::<Vec<_>>()
    };
    assert!(notes("born,seen\n05/07/2023,18/06/2024\n").is_empty());
    let said = "dates of \"seen\" are read as 05/31/2024 here and as 31/05/2024 in the training table";
    let found = notes("born,seen\n2023-07-05,06/18/2024\n");
    assert!(found.iter().any(|note| note.contains(said)), "{found:?}");
    let wrong = [
        ("31.02.2023", "which is no day of the calendar"),
        ("05.07.23", "whose year has two digits; write four"),
        ("45000", "a number; write it as a date such as 2024-05-31"),
        ("soon", "expected a date such as 31/05/2024, found \"soon\""),
    ];
    for (cell, said) in wrong {
        let error = outputs(&format!("born,seen\n{cell},2024-06-18\n")).remove(0).unwrap_err();
        assert!(error.contains(said), "{error}");
    }
}
