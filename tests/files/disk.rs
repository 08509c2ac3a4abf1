//! What stands under the name of a file that is written or read.

use std::fs;
use std::path::Path;

use crate::support::scratch::names;
use muster::disk::{Access, Fresh, create_empty, line, open, refuse_special, sweep, write};

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// The names in a folder.
#[cfg(unix)]
mod planted {
    use super::*;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    use std::os::unix::net::UnixListener;

    type Plant = fn(&Path, &Path);

    /// What somebody may put where a file is to be, with another file of theirs.
    const PLANTS: [(&str, Plant); 6] = [
        ("a link", |victim, at| symlink(victim, at).unwrap()),
        ("a link that leads nowhere", |victim, at| {
            symlink(victim.with_extension("not"), at).unwrap();
        }),
        ("a hard link", |victim, at| {
            fs::hard_link(victim, at).unwrap()
        }),
        ("a socket", |_, at| drop(UnixListener::bind(at).unwrap())),
        ("a pipe", |_, at| {
            let made = std::process::Command::new("mkfifo").arg(at).status();
            assert!(made.unwrap().success());
        }),
        ("a file", |_, at| fs::write(at, "older").unwrap()),
    ];

    fn mode(path: &Path) -> u32 {
        fs::symlink_metadata(path).unwrap().mode() & 0o777
    }

    #[test]
    fn nothing_is_written_through() {
        for (what, plant) in PLANTS {
            for access in [Access::Owner, Access::Usual] {
                let folder = folder();
                let (victim, at) = (folder.path().join("victim"), folder.path().join("mail"));
                fs::write(&victim, "precious").unwrap();
                plant(&victim, &at);
                write(&at, b"new", access).unwrap();
                assert!(fs::symlink_metadata(&at).unwrap().is_file(), "{what}");
                assert_eq!(fs::read(&at).unwrap(), b"new", "{what}");
                assert_eq!(fs::read(&victim).unwrap(), b"precious", "{what}");
                assert_eq!(names(folder.path()), ["mail", "victim"], "{what}");
                if access == Access::Owner {
                    assert_eq!(mode(&at), 0o600, "{what}");
                }
            }
        }
    }

    #[test]
    fn what_must_be_new_is_made_nowhere_else() {
        for (what, plant) in PLANTS {
            let folder = folder();
            let (victim, at) = (folder.path().join("victim"), folder.path().join("config"));
            fs::write(&victim, "precious").unwrap();
            plant(&victim, &at);
            let fresh = Fresh::beside(&at, Access::Usual).unwrap();
            let error = fresh.keep_new().unwrap_err();
            assert_eq!(error.kind(), std::io::ErrorKind::AlreadyExists, "{what}");
            let error = create_empty(&at).unwrap_err();
            assert_eq!(error.kind(), std::io::ErrorKind::AlreadyExists, "{what}");
            assert_eq!(names(folder.path()), ["config", "victim"], "{what}");
            assert_eq!(fs::read(&victim).unwrap(), b"precious", "{what}");
        }
    }

    #[test]
    fn a_file_keeps_its_readers_unless_it_names_people() {
        let folder = folder();
        let at = folder.path().join("rules.yaml");
        fs::write(&at, "older").unwrap();
        fs::set_permissions(&at, fs::Permissions::from_mode(0o664)).unwrap();
        write(&at, b"new", Access::Usual).unwrap();
        assert_eq!(mode(&at), 0o664);
        write(&at, b"new", Access::Owner).unwrap();
        assert_eq!(mode(&at), 0o600);
        let results = folder.path().join("results.db");
        drop(create_empty(&results).unwrap());
        assert_eq!(mode(&results) & !0o640, 0);
    }

    #[test]
    fn a_pipe_or_a_device_is_neither_replaced_nor_read() {
        let folder = folder();
        let pipe = folder.path().join("pipe");
        PLANTS[4].1(&pipe, &pipe);
        for path in [
            &pipe,
            Path::new("/dev/null"),
            Path::new("/dev/zero"),
            folder.path(),
        ] {
            assert!(refuse_special(path).is_err(), "{}", path.display());
            assert!(open(path).is_err(), "{}", path.display());
            assert!(line(path).is_err(), "{}", path.display());
        }
        refuse_special(&folder.path().join("new")).unwrap();
    }
}

#[test]
fn what_a_killed_process_left_goes_after_an_hour_and_nothing_else() {
    let folder = folder();
    let long_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(7_200);
    for (name, is_old) in [
        (".muster-old.part", true),
        (".muster-new.part", false),
        (".muster-else", true),
        ("mail.eml", true),
    ] {
        let file = fs::File::create(folder.path().join(name)).unwrap();
        if is_old {
            file.set_modified(long_ago).unwrap();
        }
    }
    sweep(folder.path());
    let left = [".muster-else", ".muster-new.part", "mail.eml"];
    assert_eq!(names(folder.path()), left);
}

#[test]
fn a_file_of_one_line_is_read_without_what_editors_add() {
    let folder = folder();
    let at = folder.path().join("password");
    for (bytes, text) in [
        (&b"secret"[..], "secret"),
        (b"secret\n", "secret"),
        (b"secret\r\n", "secret"),
        (b"secret\r", "secret"),
        (b"secret\n\n", "secret"),
        (b"\xEF\xBB\xBFsecret\r\n", "secret"),
        (b"\xEF\xBB\xBF\xEF\xBB\xBFsecret", "secret"),
        (b" open sesame ", " open sesame "),
        ("größe €".as_bytes(), "größe €"),
    ] {
        fs::write(&at, bytes).unwrap();
        assert_eq!(line(&at).as_deref(), Ok(text), "{bytes:?}");
    }
    let long = vec![b'x'; 5_000];
    let utf16: Vec<u8> = "secret".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked: Vec<u8> = [0xFF, 0xFE].into_iter().chain(utf16.clone()).collect();
    let swapped = b"\xFE\xFF\0s\0e";
    for (bytes, why) in [
        (&b""[..], "is empty"),
        (b"\r\n", "is empty"),
        (b" \t ", "is empty"),
        (b"\xEF\xBB\xBF", "is empty"),
        (b"\xEF\xBB\xBF\n", "is empty"),
        (b"one\ntwo", "more than one line"),
        (b"one\rtwo\r", "more than one line"),
        (b"\nsecret", "more than one line"),
        ("one\u{2028}two".as_bytes(), "more than one line"),
        ("one\u{85}two".as_bytes(), "more than one line"),
        (b"secret\r\n\x1a", "more than one line"),
        (b"sec\tret", "U+0009"),
        (b"\x1b[31msecret", "U+001B"),
        ("sec\u{feff}ret".as_bytes(), "U+FEFF"),
        (b"sec\0ret", "UTF-16"),
        (&utf16, "UTF-16"),
        (&marked, "UTF-16"),
        (swapped, "UTF-16"),
        (b"gr\xF6\xDFe", "UTF-8"),
        (&long, "4 KiB"),
    ] {
        fs::write(&at, bytes).unwrap();
        let said = line(&at).unwrap_err().to_string();
        assert!(said.contains(why), "{bytes:?}: {said}");
        assert!(!said.contains("secret"), "{said}");
    }
    fs::remove_file(&at).unwrap();
    assert!(line(&at).unwrap_err().to_string().contains("no such file"));
}
