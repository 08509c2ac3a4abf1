CREATE TABLE donors (id INTEGER PRIMARY KEY, kind TEXT, born TEXT);
INSERT INTO donors VALUES (1, 'person', '1967-10-17'), (2, 'person', '1985-06-05'), (3, 'firm', '17/10/1967'), (4, 'firm', '5/6/1985');
CREATE TABLE gifts (id INTEGER PRIMARY KEY, donor_id INTEGER, given DATETIME, status TEXT);
INSERT INTO gifts VALUES
  (1, 1, '2025-03-31 18:30', 'void'),
  (2, 1, '31.03.2025', 'paid'),
  (3, 2, '30.04.2025', 'paid');
CREATE TABLE lines (id INTEGER PRIMARY KEY, open BOOLEAN);
INSERT INTO lines VALUES (1, 1);
CREATE TABLE calls (id INTEGER PRIMARY KEY, donor_id INTEGER, called DATETIME, line_id INTEGER);
INSERT INTO calls VALUES (1, 1, '31.03.2025', 1);
