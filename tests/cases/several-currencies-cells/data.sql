CREATE TABLE clients (id INTEGER PRIMARY KEY, credit TEXT);
INSERT INTO clients VALUES (1, '10.00 EUR'), (2, '1,000 kr');
CREATE TABLE orders (client_id INTEGER, state TEXT, total TEXT);
INSERT INTO orders VALUES (1, 'paid', NULL), (1, 'paid', '€12.50'), (1, 'paid', '8 eur'), (2, 'paid', '$1,200'), (2, 'paid', '7.50'),
  (2, 'void', '12 CHF');
