CREATE TABLE clients (id INTEGER PRIMARY KEY, name TEXT);
INSERT INTO clients VALUES (1, 'Ada'), (2, 'Bo');
CREATE TABLE orders (client_id INTEGER, ordered_at TEXT, state TEXT, amount NUMERIC);
INSERT INTO orders VALUES
  (1, '2025-11-03', 'paid', 10.5), (2, '2025-11-04', 'paid', 12), (2, '2025-11-05', 'draft', NULL), (2, '2025-11-06', 'paid', NULL),
  (1, '2025-11-03', 'paid', 10.5), (2, '2025-11-04', 'paid', 12), (2, '2025-11-05', 'draft', NULL), (2, '2025-11-06', 'paid', NULL);
