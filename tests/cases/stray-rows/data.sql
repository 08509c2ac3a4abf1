CREATE TABLE clients (code TEXT PRIMARY KEY, email TEXT);
INSERT INTO clients VALUES ('0001', 'ada@example.com'), ('0002', 'bo@example.com'), ('c5', 'cy@example.com'), ('C5', 'dee@example.com');
CREATE TABLE orders (client_code TEXT);
INSERT INTO orders VALUES ('0001'), ('1'), ('2'), (' 0002 '), ('0003'), ('0002');
CREATE TABLE visits (mail TEXT);
INSERT INTO visits VALUES ('ada@example.com'), ('Ada@Example.com'), ('bo@example.com'), ('cy@example.com');
