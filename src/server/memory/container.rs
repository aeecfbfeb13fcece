//! The memory that the container allows.

use std::fs;
use std::path::{Path, PathBuf};

/// The least limit of this process's control group and of those above it, in bytes; `None` without one.
///
/// Source: the kernel's `Documentation/admin-guide/cgroup-v2.rst` and `cgroup-v1/memory.rst`.
pub(in crate::server) fn memory_limit() -> Option<usize> {
    limit_in(Path::new("/sys/fs/cgroup"), &fs::read_to_string("/proc/self/cgroup").ok()?)
}

fn limit_in(root: &Path, groups: &str) -> Option<usize> {
    let limits = groups.lines().filter_map(|line| {
        let (_, rest) = line.split_once(':')?;
        let (controllers, group) = rest.split_once(':')?;
        match controllers {
            "" => least(root, root, group, "memory.max"),
            _ if controllers.split(',').any(|name| name == "memory") => {
                least(root, &root.join("memory"), group, "memory.limit_in_bytes")
            }
            _ => None,
        }
    });
    limits.min()
}

/// The least limit on the way from a group up to the root. A container often sees its own group as the root.
fn least(root: &Path, hierarchy: &Path, group: &str, file: &str) -> Option<usize> {
    let mut folder: PathBuf = hierarchy.join(group.trim_start_matches('/'));
    let mut found = None;
    while folder.starts_with(root) && folder.starts_with(hierarchy) {
        let said = fs::read_to_string(folder.join(file)).ok().and_then(|text| text.trim().parse::<u64>().ok());
        // Without a limit, the older interface says the largest number of pages.
        let limit = said.filter(|limit| *limit < 1 << 60).and_then(|limit| usize::try_from(limit).ok());
        found = [found, limit].into_iter().flatten().min();
        folder.pop();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(root: &Path, file: &str, text: &str) {
        let path = root.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    #[test]
    fn the_least_limit_on_the_way_up_counts() {
        let root = tempfile::TempDir::new().unwrap();
        write(root.path(), "pods/one/memory.max", "max\n");
        write(root.path(), "pods/memory.max", "134217728\n");
        assert_eq!(limit_in(root.path(), "0::/pods/one\n"), Some(128 << 20));
        assert_eq!(limit_in(root.path(), "0::/elsewhere\n"), None);
        write(root.path(), "memory.max", "67108864\n");
        assert_eq!(limit_in(root.path(), "0::/elsewhere\n"), Some(64 << 20));
    }

    #[test]
    fn the_older_interface_is_read_too() {
        let root = tempfile::TempDir::new().unwrap();
        write(root.path(), "memory/memory.limit_in_bytes", "9223372036854771712\n");
        let groups = "9:name=systemd:/\n4:cpu,cpuacct:/x\n3:memory:/a/b\n0::/\n";
        assert_eq!(limit_in(root.path(), groups), None);
        write(root.path(), "memory/a/memory.limit_in_bytes", "67108864\n");
        assert_eq!(limit_in(root.path(), groups), Some(64 << 20));
    }
}
