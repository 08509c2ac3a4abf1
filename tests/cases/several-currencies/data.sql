CREATE TABLE clients (id INTEGER PRIMARY KEY);
INSERT INTO clients VALUES (1), (2);
CREATE TABLE orders (client_id INTEGER, total REAL, quantity INTEGER, currency TEXT);
INSERT INTO orders VALUES (1, 12.5, 2, 'EUR'), (1, 8, 1, 'EUR'), (2, 1200, 1, 'JPY'), (2, 9.5, 3, 'USD');
