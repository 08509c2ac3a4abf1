//! Determines whether a path leads out of a folder without touching what is outside: even looking there may mount a
//! disk or contact a server.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::path::{Component, Path};

/// The maximum number of consecutive symbolic links.
const MOST_LINKS: usize = 40;

/// Whether a path stays inside a folder after following links. An unreadable folder contains nothing.
pub(super) fn lies_in(path: &Path, folder: &Path) -> bool {
    let (Ok(path), Ok(folder)) = (std::path::absolute(path), std::path::absolute(folder)) else {
        return false;
    };
    let Ok(home) = folder.canonicalize() else {
        return false;
    };
    // The folder may be given through a link.
    let inside = path
        .strip_prefix(&folder)
        .or_else(|_| path.strip_prefix(&home));
    inside.is_ok_and(|inside| stays(inside, &home))
}

/// Whether a path below a folder stays inside it, resolved step by step as the system does.
fn stays(inside: &Path, home: &Path) -> bool {
    let mut rest = steps(inside);
    let mut at = home.to_path_buf();
    let mut links = 0;
    while let Some(name) = rest.pop_front() {
        if name == ".." {
            at.pop();
            if !at.starts_with(home) {
                return false;
            }
            continue;
        }
        let next = at.join(name);
        let is_link = next.symlink_metadata().is_ok_and(|of| of.is_symlink());
        if !is_link {
            at = next;
            continue;
        }
        links += 1;
        let Some(target) = next.read_link().ok().filter(|_| links <= MOST_LINKS) else {
            return false;
        };
        let inside = match target.is_absolute() {
            false => target.as_path(),
            true => {
                let Ok(inside) = target.strip_prefix(home) else {
                    return false;
                };
                at = home.to_path_buf();
                inside
            }
        };
        let mut further = steps(inside);
        further.append(&mut rest);
        rest = further;
    }
    true
}

/// The components of a path, including `..`.
fn steps(path: &Path) -> VecDeque<OsString> {
    let parts = path.components();
    let parts = parts.filter(|part| *part != Component::CurDir);
    parts.map(|part| part.as_os_str().to_owned()).collect()
}
