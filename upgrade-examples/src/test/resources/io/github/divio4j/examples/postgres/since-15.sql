-- What came after 13.

CREATE FUNCTION happy_count(above integer) RETURNS bigint LANGUAGE sql STABLE
    RETURN (SELECT count(*) FROM numbers n WHERE n.mood = 'happy' AND n.id > above);
CREATE TABLE once (a integer, b integer, UNIQUE NULLS NOT DISTINCT (a));
CREATE TABLE periods (id integer PRIMARY KEY, p nummultirange, f float_multirange);
INSERT INTO periods VALUES (1, '{[1,2),[3,4.50)}', float_multirange(float_range(0.1, 0.2)));
