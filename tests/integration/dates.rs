//! Dates through the library's public door: days since 1970-01-01 in training, in files of rows, by name and in the model file.

use tepal::batch::{BatchPredictor, PredictedRow};
use tepal::dataset::Stream;
use tepal::pipeline::Training;
use tepal::predict::Value;
use tepal::table::{Kind, Moment, ReadOptions};
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
    let wrong = [
        ("31.02.2023", "which is no day of the calendar"),
        ("05.07.23", "whose year has two digits; write four"),
        ("45000", "a number; if it counts days as Excel does, say so in training (--date)"),
        ("soon", "expected a date such as 31/05/2024, found \"soon\""),
    ];
    for (cell, said) in wrong {
        let error = outputs(&format!("born,seen\n{cell},2024-06-18\n")).remove(0).unwrap_err();
        assert!(error.contains(said), "{error}");
    }
}
