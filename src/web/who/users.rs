//! The file of users, one `name:role:hash` a line.

use std::path::Path;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

use crate::config::Role;
use crate::disk::{self, Access};

/// The maximum size of the file, in bytes.
const LARGEST: u64 = 1 << 20;
/// The minimum length of a password, in characters.
const SHORTEST: usize = 12;
/// The maximum length of a password, in bytes: hashing a longer one would waste work.
const LONGEST: usize = 1_000;
/// The maximum length of a name, in characters.
const LONGEST_NAME: usize = 64;

/// The users who may sign in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Users(Vec<User>);

/// A user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// The Argon2id hash of their password, as a PHC string.
    hash: String,
}

impl Users {
    /// Reads the file, which only its owner may be able to read or write.
    ///
    /// # Errors
    /// A message: the file cannot be read, others can access it, or a line of it is no user.
    pub fn read(path: &Path) -> Result<Self, String> {
        let place = path.display();
        let cannot = |reason: &dyn std::fmt::Display| format!("`{place}` cannot be read: {reason}");
        let text = disk::read(path, LARGEST).map_err(|error| cannot(&error))?;
        let text = String::from_utf8(text).map_err(|error| cannot(&error))?;
        closed(path)?;
        let lines = text.lines().enumerate();
        let lines = lines.filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
        let mut users = Self::default();
        for (at, line) in lines {
            let refused = |reason: String| format!("`{place}`, line {}: {reason}", at + 1);
            let user = User::read(line).map_err(refused)?;
            if users.get(&user.name).is_some() {
                let reason = format!(
                    "`{}` is already listed above; keep one of the lines",
                    user.name
                );
                return Err(refused(reason));
            }
            users.0.push(user);
        }
        Ok(users)
    }

    /// Writes the file atomically, accessible to its owner only.
    ///
    /// # Errors
    /// A message: the file cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), String> {
        let mut text = "# Who may see the page. `muster page user` writes this file.\n".to_owned();
        for user in &self.0 {
            text += &format!("{}:{}:{}\n", user.name, user.role, user.hash);
        }
        disk::write(path, text.as_bytes(), Access::Owner)
            .map_err(|error| format!("`{}` cannot be written: {error}", path.display()))
    }

    /// The user with a name.
    pub fn get(&self, name: &str) -> Option<&User> {
        self.0.iter().find(|user| user.name == name)
    }

    /// All users, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &User> {
        self.0.iter()
    }

    /// Adds a user, or changes the role and password of an existing one.
    ///
    /// # Errors
    /// A message: the name or the password is not acceptable.
    pub fn put(&mut self, name: &str, role: Role, password: &str) -> Result<(), String> {
        checked_name(name)?;
        if password.chars().count() < SHORTEST {
            return Err(format!("a password has at least {SHORTEST} characters"));
        }
        if password.len() > LONGEST {
            return Err(format!("a password has at most {LONGEST} bytes"));
        }
        let hash = Argon2::default().hash_password(password.as_bytes());
        let hash = hash.map_err(|error| format!("the password cannot be hashed: {error}"))?;
        let user = User {
            name: name.to_owned(),
            role,
            hash: hash.to_string(),
        };
        match self.0.iter_mut().find(|user| user.name == name) {
            Some(there) => *there = user,
            None => self.0.push(user),
        }
        Ok(())
    }

    /// Removes a user; `false` if there was none.
    pub fn remove(&mut self, name: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|user| user.name != name);
        self.0.len() < before
    }
}

impl User {
    fn read(line: &str) -> Result<Self, String> {
        let mut parts = line.trim().splitn(3, ':');
        let (Some(name), Some(role), Some(hash)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err("this is not `name:role:hash`".to_owned());
        };
        checked_name(name)?;
        if PasswordHash::new(hash).is_err() {
            return Err("what follows the role is not a hashed password".to_owned());
        }
        Ok(Self {
            name: name.to_owned(),
            role: role.parse()?,
            hash: hash.to_owned(),
        })
    }

    /// The stored hash of their password.
    pub(super) fn hash(&self) -> &str {
        &self.hash
    }

    /// Whether a password is correct. Slow by design.
    pub(super) fn has(&self, password: &str) -> bool {
        is(password, &self.hash)
    }
}

/// The hash of a password that nobody knows, with the same cost as those in the file.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZSBzYWx0IGhlcmU$\
    mr1ohzW1pLjuFiJ5kX1aKQBCnkVjpF1NrMAKLx3a1uE";

/// Takes as long as checking a real password, so that the time does not reveal whether a name exists.
pub(super) fn pretend(password: &str) {
    let _ = is(password, NOBODYS);
}

fn is(password: &str, hash: &str) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else {
        return false;
    };
    password.len() <= LONGEST
        && Argon2::default()
            .verify_password(password.as_bytes(), &hash)
            .is_ok()
}

fn checked_name(name: &str) -> Result<(), String> {
    let fits = |c: char| c.is_alphanumeric() || "-_.@+".contains(c);
    match !name.is_empty() && name.chars().count() <= LONGEST_NAME && name.chars().all(fits) {
        true => Ok(()),
        false => Err(format!(
            "a name has up to {LONGEST_NAME} letters, digits, and `-`, `_`, `.`, `@`, `+`"
        )),
    }
}

/// Refuses a file that others can read or write.
#[cfg(unix)]
fn closed(path: &Path) -> Result<(), String> {
    use std::os::unix::fs::PermissionsExt;
    let place = path.display();
    let found = std::fs::metadata(path)
        .map_err(|error| format!("`{place}` cannot be looked at: {error}"))?;
    match found.permissions().mode() & 0o077 {
        0 => Ok(()),
        open => Err(format!(
            "`{place}` can be read or written by others (mode {:03o}): `chmod 600 {place}`",
            open | 0o600
        )),
    }
}

#[cfg(not(unix))]
fn closed(_: &Path) -> Result<(), String> {
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn who_is_in_the_file_comes_in_by_their_password_alone() {
        let mut users = Users::default();
        users
            .put("ana", Role::View, "correct horse battery")
            .unwrap();
        assert!(users.put("b", Role::View, "short").is_err());
        assert!(
            users
                .put("a:b", Role::View, "correct horse battery")
                .is_err()
        );
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("users");
        users.write(&path).unwrap();
        let read = Users::read(&path).unwrap();
        assert_eq!(read, users);
        let ana = read.get("ana").unwrap();
        assert!(ana.has("correct horse battery") && !ana.has("correct horse"));
        assert!(users.remove("ana") && !users.remove("ana"));
        let twice = std::fs::read_to_string(&path).unwrap();
        let line = twice.lines().last().unwrap();
        disk::write(&path, format!("{twice}{line}\n").as_bytes(), Access::Owner).unwrap();
        let refused = Users::read(&path).unwrap_err();
        assert!(
            refused.contains("line 3: `ana` is already listed above"),
            "{refused}"
        );
    }

    #[test]
    fn pretending_is_real_work() {
        let mut users = Users::default();
        users
            .put("ana", Role::View, "correct horse battery")
            .unwrap();
        let real = PasswordHash::new(users.get("ana").unwrap().hash()).unwrap();
        let nobodys = PasswordHash::new(NOBODYS).unwrap();
        assert_eq!(
            (nobodys.algorithm, nobodys.version, nobodys.params),
            (real.algorithm, real.version, real.params)
        );
        assert!(nobodys.salt.is_some() && nobodys.hash.is_some());
    }
}
