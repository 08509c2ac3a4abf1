CREATE TABLE studios (id INTEGER PRIMARY KEY, name TEXT, network_id INTEGER);
CREATE TABLE classes (id INTEGER PRIMARY KEY, category TEXT);
CREATE TABLE clients (
  id INTEGER PRIMARY KEY,
  name TEXT,
  birthday DATE,
  signed_up_at DATETIME,
  studio_id INTEGER,
  marketing BOOLEAN,
  budget DECIMAL(10,2),
  nickname TEXT,
  health INTEGER
);
CREATE TABLE visits (
  id INTEGER PRIMARY KEY,
  client_id INTEGER,
  attended_at DATETIME,
  class_id INTEGER,
  minutes INTEGER,
  late BOOLEAN
);
CREATE TABLE packages (
  id INTEGER PRIMARY KEY,
  client_id INTEGER,
  purchased_at DATETIME,
  expires_at DATETIME,
  starts_on DATE,
  used_count INTEGER,
  total_count INTEGER,
  is_intro BOOLEAN,
  price DECIMAL(10,2),
  product TEXT
);
CREATE TABLE payments (
  id INTEGER PRIMARY KEY,
  client_id INTEGER,
  paid_at DATETIME,
  amount DECIMAL(10,2),
  tax DECIMAL(10,2),
  status TEXT
);
-- No primary key: nothing tells two of its rows apart.
CREATE TABLE reservations (client_id INTEGER, reserved_at DATETIME, source TEXT);
-- No time column.
CREATE TABLE interests (id INTEGER PRIMARY KEY, client_id INTEGER, topic TEXT);
