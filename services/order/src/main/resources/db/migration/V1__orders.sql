-- info is the JSON text as it was posted; a body of 64 KiB bounds it.
create table orders (
  id varchar(128) primary key,
  info varchar(65536) not null
);
