CREATE TABLE clients (id INTEGER PRIMARY KEY, name TEXT, studio_id INTEGER, since DATETIME DEFAULT (datetime ( 'now' )),
  seen DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M', 'now')), unread DATETIME DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE studios (id INTEGER PRIMARY KEY, opened_at TIMESTAMP DEFAULT (datetime()));
CREATE TABLE visits (id INTEGER PRIMARY KEY, client_id INTEGER, at DATETIME DEFAULT current_timestamp);
CREATE TABLE notes (id INTEGER PRIMARY KEY, client_id INTEGER, day DATE DEFAULT CURRENT_DATE);
CREATE TABLE lists (id INTEGER PRIMARY KEY, client_id INTEGER, day DATE DEFAULT CURRENT_DATE);
CREATE TABLE calls (id INTEGER PRIMARY KEY, client_id INTEGER, at INTEGER DEFAULT (strftime('%s', 'now')));
CREATE TABLE mails (id INTEGER PRIMARY KEY, client_id INTEGER, at TEXT DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')));
