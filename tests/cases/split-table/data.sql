create table clients (id integer, name text);
create table orders (id integer, client_id integer, ordered_at text, total numeric);
create table "orders june" (total numeric, id integer, Client_Id integer, ordered_at text);
create table refunds (id integer, client_id integer, refunded_at text, total numeric);
create table notes (id integer);
