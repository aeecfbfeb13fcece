//! Times the kernels that fits are made of, on one thread: see benches/README.md.
#![cfg_attr(target_arch = "wasm32", no_main)]
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs)]

use std::hint::black_box;
use std::time::{Duration, Instant};
use tepal::kernels;

fn main() {
    let rows = |n: usize| -> Vec<f64> { (0..n).map(|i| ((i * 7919 % 1009) as f64 - 504.0) / 300.0).collect() };
    println!("{:<44}{:>12}{:>14}", "kernel", "ns", "billion flops/s");
    for (width, outputs) in [(5, 1), (5, 3), (21, 1), (65, 10), (500, 1)] {
        let (a, b, mut scores, mut sums) =
            (rows(64 * width), rows(width * outputs), vec![0.0; 64 * outputs], vec![0.0; width * outputs]);
        let flops = 2 * 64 * width * outputs;
        report(&format!("scores, 64 rows of {width} at {outputs} outputs"), flops, || {
            kernels::scores(black_box(&a), black_box(&b), &mut scores);
        });
        report(&format!("gradient, 64 rows of {width} at {outputs} outputs"), flops, || {
            kernels::products(black_box(&mut sums), black_box(&scores), black_box(&a));
        });
    }
    for width in [5, 21, 65, 200] {
        let (a, mut square) = (rows(64 * width), vec![0.0; width * width]);
        report(&format!("rank-64 update of {width} by {width}"), 64 * width * (width + 1), || {
            kernels::rank_update(black_box(&mut square), black_box(&a));
        });
    }
    for order in [5, 21, 65, 300] {
        let matrix: Vec<f64> =
            (0..order * order).map(|i| if i % (order + 1) == 0 { 9.0 } else { 1.0 / 64.0 }).collect();
        let mut b = rows(order);
        report(&format!("Cholesky factor and solution, order {order}"), order * order * order / 3, || {
            assert!(kernels::cholesky(black_box(matrix.clone()), &mut b));
        });
    }
    let start: Vec<f64> = rows(1024).iter().map(|value| -value.abs() * 10.0).collect();
    let unit: Vec<f64> = rows(1024).iter().map(|value| value.abs() / 2.0).collect();
    let mut values = start.clone();
    report("exp of 1024 numbers", 0, || {
        values.copy_from_slice(&start);
        kernels::exponentials(black_box(&mut values));
    });
    report("ln(1 + x) of 1024 numbers", 0, || {
        values.copy_from_slice(&unit);
        kernels::logarithms(black_box(&mut values));
    });
    report("sum of ln(1 + x) of 1024 numbers", 0, || {
        black_box(kernels::sum_of_logarithms(black_box(&unit)));
    });
    for n_classes in [3, 10] {
        report(&format!("softmax of 100 rows of {n_classes}"), 0, || {
            values.copy_from_slice(&start);
            kernels::softmax(black_box(&mut values[..100 * n_classes]), n_classes);
        });
    }
}

/// Prints the median of 9 batches of at least 5 ms each.
fn report(name: &str, flops: usize, mut run: impl FnMut()) {
    let mut time = |n_runs: u32| {
        let start = Instant::now();
        (0..n_runs).for_each(|_| run());
        start.elapsed()
    };
    let mut n_runs = 1;
    while time(n_runs) < Duration::from_millis(5) {
        n_runs *= 2;
    }
    let mut times: Vec<f64> = (0..9).map(|_| 1e9 * time(n_runs).as_secs_f64() / f64::from(n_runs)).collect();
    times.sort_by(f64::total_cmp);
    let speed = if flops == 0 { String::new() } else { format!("{:.1}", flops as f64 / times[4]) };
    println!("{name:<44}{:>12.0}{speed:>14}", times[4]);
}
