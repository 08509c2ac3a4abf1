CREATE TABLE clients (id INTEGER PRIMARY KEY, name TEXT);
INSERT INTO clients VALUES (1, 'Ada'), (2, 'Bo');
CREATE TABLE orders (order_no TEXT, client_id INTEGER, ordered_at TEXT, state TEXT);
INSERT INTO orders VALUES
  ('B-1', 1, '2025-11-03', 'paid'), ('B-2', 2, '2025-11-04', 'paid'), ('B-3', 2, '2025-11-05', 'draft'),
  ('B-1', 1, '2025-11-03', 'paid'), ('B-3', 2, '2025-11-05', 'paid'), (NULL, 2, '2025-11-06', 'paid'),
  (NULL, 2, '2025-11-07', 'paid'), ('B-1', 1, '2025-11-03', 'paid');
