CREATE TABLE donors (id INTEGER PRIMARY KEY, born TEXT, until TEXT);
INSERT INTO donors VALUES
  (1, '17/10/67', '31/12/29'),
  (2, '05/06/85', '31/12/30'),
  (3, '14/03/52', '31/12/28');
