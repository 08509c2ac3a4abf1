CREATE TABLE clients (id INTEGER PRIMARY KEY, name TEXT, joined TEXT);
INSERT INTO clients VALUES (1, 'Ada', '2019-05-01'), (2, 'Grace', 'long ago'), (3, 'Edsger', 'n.n.');
