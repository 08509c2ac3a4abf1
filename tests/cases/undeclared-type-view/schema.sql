CREATE TABLE customers (id INTEGER PRIMARY KEY);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, ordered_at TEXT, amount REAL, shipped_on DATE);
CREATE VIEW all_orders AS SELECT id, customer_id, ordered_at, amount * 1 AS amount, date(shipped_on) AS shipped_on FROM orders;
