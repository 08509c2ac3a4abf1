-- What the page makes the ids of people from that stand in its addresses, so that an address names nobody and stays
-- what it is for as long as these results are kept.

create table muster_page_key (
    secret blob not null
);

insert into muster_page_key (secret) values (randomblob(32));
