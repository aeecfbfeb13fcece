//! What the operating system says of this process, under the names that Prometheus' own clients use.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};
use std::fs;
use std::sync::atomic::AtomicU64;
use std::time::{SystemTime, UNIX_EPOCH};

/// The metrics of the process. On other systems than Linux they stay at zero.
#[derive(Debug)]
pub(super) struct Process {
    resident: Gauge,
    cpu: Counter<f64, AtomicU64>,
    open_files: Gauge,
    most_files: Gauge,
}

impl Process {
    pub(super) fn new(registry: &mut Registry) -> Self {
        let process = Self {
            resident: Gauge::default(),
            cpu: Counter::default(),
            open_files: Gauge::default(),
            most_files: Gauge::default(),
        };
        let start = Gauge::<i64>::default();
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        start.set(now.map_or(0, |now| now.as_secs() as i64));
        registry.register_with_unit("process_resident_memory", "Memory in use", Unit::Bytes, process.resident.clone());
        registry.register_with_unit("process_cpu", "Time on processors", Unit::Seconds, process.cpu.clone());
        registry.register("process_open_fds", "Open files", process.open_files.clone());
        registry.register("process_max_fds", "Open files that are allowed", process.most_files.clone());
        registry.register_with_unit("process_start_time", "When it began, since 1970", Unit::Seconds, start);
        process
    }

    /// Reads them.
    pub(super) fn update(&self) {
        if let Some(bytes) = resident_bytes() {
            self.resident.set(bytes as i64);
        }
        if let Some(seconds) = cpu_seconds() {
            self.cpu.inc_by((seconds - self.cpu.get()).max(0.0));
        }
        if let Ok(files) = fs::read_dir("/proc/self/fd") {
            self.open_files.set(files.count() as i64);
        }
        if let Ok((soft, _)) = rlimit::Resource::NOFILE.get() {
            self.most_files.set(soft.try_into().unwrap_or(i64::MAX));
        }
    }
}

/// Source: proc_pid_status(5).
fn resident_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? << 10)
}

/// Source: proc_pid_stat(5): fields 14 and 15, in hundredths of a second. The name in field 2 may have spaces.
fn cpu_seconds() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let (_, after_name) = stat.rsplit_once(')')?;
    let ticks: Vec<u64> =
        after_name.split_whitespace().skip(11).take(2).filter_map(|field| field.parse().ok()).collect();
    Some(ticks.iter().sum::<u64>() as f64 / 100.0)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn linux_says_what_the_process_takes() {
        assert!(resident_bytes().unwrap() > 1 << 20);
        let begin = cpu_seconds().unwrap();
        let mut sum = 0u64;
        while cpu_seconds().unwrap() < begin + 0.02 {
            sum = sum.wrapping_mul(31).wrapping_add(7);
        }
        assert!(cpu_seconds().unwrap() < begin + 5.0, "{sum}");
    }
}
