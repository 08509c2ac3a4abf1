CREATE TABLE clients (id INTEGER PRIMARY KEY, name TEXT);
INSERT INTO clients VALUES (1, 'Ada'), (2, 'Bo');
CREATE TABLE orders (id INTEGER PRIMARY KEY, client_id INTEGER, ordered_at TEXT, state TEXT, channel TEXT);
INSERT INTO orders VALUES
  (1, 1, '2025-11-03', 'Storniert', 'Café'), (2, 2, '2025-11-04', 'storniert', 'web'), (3, 2, '2025-11-05', 'bezahlt', 'Cafe'),
  (4, 1, '2025-11-03', 'storniert', 'Laden'), (5, 1, '2025-11-03', ' Storniert ', 'cafe'),
  (6, 2, '2025-11-06', 'bezahlt', 'Post'), (7, 2, '2025-11-07', 'bezahlt', 'post');
