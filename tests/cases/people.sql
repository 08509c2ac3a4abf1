-- Sixty clients: of a sixth the channel is not known, a third has 50 points, and another one from 41 to 60.
CREATE TABLE clients (id INTEGER PRIMARY KEY, name TEXT, channel TEXT, points INTEGER);
INSERT INTO clients
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
  SELECT i, 'Client ' || i,
    CASE WHEN i % 6 = 0 THEN NULL WHEN i % 3 = 1 THEN 'web' ELSE 'shop' END,
    CASE WHEN i <= 20 THEN 50 WHEN i <= 40 THEN 20 + i ELSE 50 + i * 7 END
  FROM n;
