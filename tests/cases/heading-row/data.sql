CREATE TABLE members (member_no TEXT PRIMARY KEY, name TEXT);
INSERT INTO members VALUES (' Member_No ', 'NAME'), ('A-17', 'Ada'), ('B-2', 'Bo');
