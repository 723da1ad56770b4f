-- One of each, in what 9.6 to 18 all understand.

CREATE SCHEMA "Sales Dept";
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TYPE pair AS (label text, amount double precision, mood mood);
CREATE DOMAIN percentage AS double precision CONSTRAINT percentage_range CHECK (VALUE >= 0 AND VALUE <= 100);
CREATE TYPE float_range AS RANGE (subtype = double precision, subtype_diff = float8mi);
CREATE SEQUENCE "Sales Dept".tickets START WITH 100 INCREMENT BY -5 MAXVALUE 100;
CREATE SEQUENCE never_used;

CREATE FUNCTION half(x double precision) RETURNS double precision LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1 / 2';
CREATE FUNCTION greet(name text DEFAULT 'you', times integer DEFAULT 1) RETURNS text LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog AS $$ BEGIN RETURN repeat('hello ' || name, times); END $$;
CREATE FUNCTION touched() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.changed_at := now(); RETURN NEW; END $$;
CREATE AGGREGATE total_of (double precision) (sfunc = float8pl, stype = double precision, initcond = '0');
CREATE FUNCTION pair_equal(a pair, b pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT a.label = b.label';
CREATE OPERATOR === (leftarg = pair, rightarg = pair, procedure = pair_equal);

CREATE TABLE numbers (
    id         serial PRIMARY KEY,
    f4         real,
    f8         double precision,
    many       double precision[],
    tags       text[] DEFAULT '{}',
    moods      mood[],
    mood       mood DEFAULT 'ok',
    pair       pair,
    pairs      pair[],
    percent    percentage,
    span       float_range,
    spans      float_range[],
    dates      daterange,
    place      point,
    shape      polygon,
    price      money,
    exact      numeric,
    letter     "char",
    padded     char(8),
    noted      varchar(40) COLLATE "C",
    amount     numeric(12, 3) CHECK (amount > 0.5 OR amount IS NULL),
    wait       interval,
    day        date DEFAULT CURRENT_DATE,
    clock      timetz,
    changed_at timestamptz DEFAULT now(),
    raw        bytea,
    plain      json,
    doc        jsonb,
    markup     xml,
    network    inet,
    net        cidr,
    mac        macaddr,
    key        uuid,
    bits       varbit,
    words      tsvector,
    what       regclass,
    who        name,
    "Weird ""Name'" text
);
INSERT INTO numbers (f4, f8, many, tags, moods, mood, pair, pairs, percent, span, spans, dates, place, shape, price, exact, letter,
    padded, noted, amount, wait, day, clock, changed_at, raw, plain, doc, markup, network, net, mac, key, bits, words, what, who,
    "Weird ""Name'")
SELECT i / 3.0::real, 1.0::double precision / (i + 2), ARRAY[0.1 + i, NULL, 'NaN', '-Infinity']::double precision[],
    ARRAY['a,b', NULL, '"q"'], ARRAY['sad', 'happy']::mood[], 'happy', ROW('p', i / 7.0, 'sad')::pair,
    ARRAY[ROW('x', 0.1 * i, 'ok')::pair, NULL], 33.3 + i % 60 / 10.0, float_range(0.1 * i, 0.3 * i + 1),
    ARRAY[float_range(0.1, 0.2)], daterange('2020-01-01', NULL), point(0.1 * i, 0.3), polygon '((0.1,0.2),(0.3,0.4),(5,6))',
    (i * 1.25)::numeric::money, 1.10 * i, 'x', 'pad', 'noted', 1 + i, interval '1 mon -3 days 04:05:06.789', date '2001-02-03',
    timetz '04:05:06.789-08', timestamptz '2020-03-29 01:30:00+00' + i * interval '13.000007 minutes', decode(md5(i::text), 'hex'),
    '{"a":  1, "a": 2}', '{"b": 1.10, "a": [null, "ü"]}', '<a>&amp;</a>', '10.0.0.1/8', '10.0.0.0/8', '08:00:2b:01:02:03',
    md5(i::text)::uuid, B'1011', to_tsvector('simple', 'one two three ' || i), 'numbers'::regclass, 'who', E'tab\t\\ "quote" ☃'
FROM generate_series(1, 2500) AS i;
INSERT INTO numbers (f8) VALUES (NULL), ('NaN'), ('Infinity'), ('-0'), ('Infinity'::double precision - 'Infinity'::double precision);
CREATE INDEX numbers_half ON numbers (half(f8)) WHERE f8 > 0 AND mood <> 'sad';
CREATE INDEX numbers_words ON numbers USING gin (words);
CREATE INDEX numbers_who ON numbers (who DESC NULLS LAST, "Weird ""Name'");
CREATE TRIGGER touched BEFORE UPDATE ON numbers FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE PROCEDURE touched();

CREATE TABLE "Sales Dept"."Deal s" (
    region  text,
    no      integer,
    number  integer REFERENCES numbers (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
    score   double precision,
    PRIMARY KEY (region, no),
    UNIQUE (number, no),
    EXCLUDE USING gist (box(point(no, no), point(no, no)) WITH &&)
);
ALTER TABLE "Sales Dept"."Deal s" ADD CONSTRAINT not_checked CHECK (score < 1000) NOT VALID;
INSERT INTO "Sales Dept"."Deal s" SELECT 'r' || i % 3, i, i, i / 9.0 FROM generate_series(1, 300) AS i;
SET CONSTRAINTS ALL IMMEDIATE;
CREATE RULE keep AS ON DELETE TO "Sales Dept"."Deal s" DO INSTEAD NOTHING;

CREATE TABLE parent (a integer, b text);
CREATE TABLE child (c double precision) INHERITS (parent);
ALTER TABLE parent ADD COLUMN d integer DEFAULT 7;
INSERT INTO parent VALUES (1, 'one');
INSERT INTO child VALUES (2, 'two', 0.1, 8);
CREATE TABLE dropped_column (a integer, gone text, z double precision);
ALTER TABLE dropped_column DROP COLUMN gone;
INSERT INTO dropped_column VALUES (1, 0.3);
CREATE TABLE no_key (v double precision);
INSERT INTO no_key SELECT i / 11.0 FROM generate_series(1, 50) AS i;
CREATE TABLE nothing_in_it ();
CREATE UNLOGGED TABLE scratch (id integer PRIMARY KEY);

CREATE TABLE tenants (id integer PRIMARY KEY, owner text);
ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON tenants FOR SELECT USING (owner = current_user);
INSERT INTO tenants VALUES (1, 'me');

CREATE VIEW happy AS SELECT n.id, n.f8 AS value, n.day FROM numbers n WHERE n.mood = 'happy' AND n.day <= CURRENT_DATE;
CREATE VIEW per_mood WITH (security_barrier) AS
    SELECT mood, count(*) AS n, total_of(f8) AS total, extract(year FROM day) AS year FROM numbers GROUP BY mood, day
    HAVING count(*) > 1 ORDER BY 2 DESC;
CREATE VIEW joined AS SELECT h.id, d.region, (SELECT max(x.score) FROM "Sales Dept"."Deal s" x) AS best
    FROM happy h JOIN "Sales Dept"."Deal s" d ON d.number = h.id LEFT JOIN parent p ON p.d = h.id;
CREATE MATERIALIZED VIEW moods AS SELECT mood, count(*) AS n FROM numbers GROUP BY mood;
CREATE UNIQUE INDEX moods_mood ON moods (mood);
CREATE MATERIALIZED VIEW later AS SELECT 1 AS one WITH NO DATA;
SELECT nextval('"Sales Dept".tickets'), nextval('"Sales Dept".tickets');
SELECT lo_from_bytea(900001, decode(repeat('00ff', 2000), 'hex')), lo_from_bytea(900002, ''),
    lo_from_bytea(900003, convert_to(repeat('0123456789', 250000), 'UTF8'));
