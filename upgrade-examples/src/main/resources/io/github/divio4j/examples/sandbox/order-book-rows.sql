-- Fills the order book. Everything is derived from row numbers and the name in seed.name, so that the content is the same
-- wherever and whenever it is made.

INSERT INTO customers (email, name, address, vip, born_on, created_at)
SELECT 'customer' || i || '@' || current_setting('seed.name') || '.example',
       (ARRAY ['Zoë Müller', 'Łukasz Żółć', 'Дмитрий Иванов', '李小龍', 'さくら 田中', '김민수', 'محمد علي',
               'שלום כהן', 'Ελένη Παπαδοπούλου', 'नेहा शर्मा', 'สมชาย ใจดี', 'Đặng Thị Hoa', 'Ñandú Íñigo', 'ⴰⵎⴰⵣⵉⵖ',
               '👩🏽‍🚀 Ada', 'O''Brien "Bob" \ Smith']) [1 + i % 16] || ' ' || i,
       jsonb_build_object('city', (ARRAY ['Zürich', 'København', '東京', 'São Paulo']) [1 + i % 4],
                          'zip', lpad((i % 100000)::text, 5, '0'),
                          'geo', json_build_array(i % 180, (i % 90) / 7.0)),
       i % 50 = 0,
       CASE WHEN i % 9 <> 0 THEN date '1940-02-29' + i % 25000 END,
       timestamp with time zone '2020-01-01 00:00:00+00' + i * interval '3 hours 7 seconds 13 microseconds'
FROM generate_series(1, current_setting('seed.customers')::integer) AS i;

INSERT INTO products (sku, title, price, weight_kg, tags, picture)
SELECT 'SKU-' || lpad(i::text, 6, '0'),
       (ARRAY ['Teapot', 'Théière', 'Чайник', '急須', '☕️ Kanne']) [1 + i % 5] || ' No. ' || i,
       (i % 10000) / 100.0 + 0.99,
       1.0::double precision / (i + 2),
       ARRAY ['tag' || i % 7, 'größe-' || i % 3],
       CASE WHEN i % 3 = 0 THEN decode(md5(current_setting('seed.name') || i), 'hex') END
FROM generate_series(1, current_setting('seed.products')::integer) AS i;

INSERT INTO orders (number, customer_id, ordered_at, delivery_on, note, details)
SELECT i,
       1 + i % current_setting('seed.customers')::integer,
       timestamp with time zone '2024-03-31 00:00:00+00' + i * interval '17 minutes 3 microseconds',
       CASE WHEN i % 4 <> 0 THEN timestamp '2024-03-31 02:30:00' + i * interval '1 hour' END,
       CASE WHEN i % 5 = 0 THEN 'Bitte klingeln – дом ' || i || E'\n\tzweite Zeile ✓' END,
       jsonb_build_object('channel', (ARRAY ['web', 'phone', 'štánok']) [1 + i % 3], 'gift', i % 11 = 0,
                          'weights', json_build_array(i, i / 8.0, NULL))
FROM generate_series(1, current_setting('seed.orders')::integer) AS i;

INSERT INTO order_lines (order_id, position, product_id, quantity, unit_price)
SELECT 1 + (i - 1) / 2, 1 + (i - 1) % 2, 1 + (i * 7) % current_setting('seed.products')::integer, 1 + i % 9,
       (i % 20000) / 100.0
FROM generate_series(1, current_setting('seed.lines')::integer) AS i;

INSERT INTO payments (order_id, amount, fee_rate, fingerprint, paid_at)
SELECT 1 + (i - 1) % current_setting('seed.orders')::integer,
       i * 1234567.0000000001 / 7,
       sqrt(i::double precision) / 3,
       decode(md5('payment ' || i || current_setting('seed.name')), 'hex'),
       timestamp with time zone '2024-04-01 00:00:00+00' + i * interval '23 minutes'
FROM generate_series(1, current_setting('seed.payments')::integer) AS i;

INSERT INTO documents (order_id, title, content, meta)
SELECT CASE WHEN i % 6 <> 0 THEN 1 + i % current_setting('seed.orders')::integer END,
       'Rechnung №' || i || '.pdf',
       decode(repeat(md5(current_setting('seed.name') || ' document ' || i), 16 + i % 64), 'hex'),
       jsonb_build_object('pages', i % 30, 'title', 'Döcument ' || i, 'nested', jsonb_build_object('a', NULL, 'b', '"\\'))
FROM generate_series(1, current_setting('seed.documents')::integer) AS i;

INSERT INTO events (order_id, kind, happened_at, payload)
SELECT 1 + i % current_setting('seed.orders')::integer,
       (ARRAY ['placed', 'packed', 'sent', 'zurückgegeben']) [1 + i % 4],
       timestamp with time zone '2024-04-01 12:00:00+00' + i * interval '11 seconds',
       jsonb_build_object('n', i)
FROM generate_series(1, current_setting('seed.events')::integer) AS i;

-- From here on each order that is placed leaves an event behind.
CREATE FUNCTION order_was_placed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO events (order_id, kind, payload)
    VALUES (NEW.id, 'placed', jsonb_build_object('number', NEW.number, 'invoice', NEW.invoice));
    RETURN NEW;
END
$$;

CREATE TRIGGER order_was_placed AFTER INSERT ON orders FOR EACH ROW EXECUTE PROCEDURE order_was_placed();
