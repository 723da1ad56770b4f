-- The order book. Only what PostgreSQL 9.6 to 18 all understand: no identity columns, no procedures.

CREATE TABLE customers (
    id         bigserial PRIMARY KEY,
    email      text NOT NULL UNIQUE,
    name       text NOT NULL,
    address    jsonb NOT NULL DEFAULT '{}',
    vip        boolean NOT NULL DEFAULT false,
    born_on    date,
    created_at timestamp with time zone NOT NULL DEFAULT now()
);
CREATE INDEX customers_name_lower ON customers (lower(name));
CREATE INDEX customers_address ON customers USING gin (address);

CREATE TABLE products (
    id        serial PRIMARY KEY,
    sku       varchar(32) NOT NULL UNIQUE,
    title     text NOT NULL,
    price     numeric(12, 2) NOT NULL CHECK (price >= 0),
    weight_kg double precision NOT NULL,
    tags      text[] NOT NULL DEFAULT '{}',
    picture   bytea
);

CREATE SEQUENCE invoice_numbers START WITH 10001 INCREMENT BY 7;

CREATE TABLE orders (
    id          bigserial PRIMARY KEY,
    number      bigint NOT NULL UNIQUE,
    customer_id bigint NOT NULL REFERENCES customers (id),
    invoice     bigint NOT NULL DEFAULT nextval('invoice_numbers'),
    ordered_at  timestamp with time zone NOT NULL,
    delivery_on timestamp without time zone,
    note        text,
    details     jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX orders_customer ON orders (customer_id, ordered_at DESC);
CREATE INDEX orders_with_note ON orders (number) WHERE note IS NOT NULL;

CREATE TABLE order_lines (
    order_id   bigint NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    position   integer NOT NULL,
    product_id integer NOT NULL REFERENCES products (id),
    quantity   integer NOT NULL CHECK (quantity > 0),
    unit_price numeric(12, 2) NOT NULL,
    PRIMARY KEY (order_id, position)
);
CREATE INDEX order_lines_product ON order_lines (product_id);

CREATE TABLE payments (
    id          bigserial PRIMARY KEY,
    order_id    bigint NOT NULL REFERENCES orders (id),
    amount      numeric(30, 10) NOT NULL,
    fee_rate    double precision NOT NULL,
    fingerprint bytea NOT NULL,
    paid_at     timestamp with time zone NOT NULL
);
CREATE INDEX payments_order ON payments (order_id);

CREATE TABLE documents (
    id       bigserial PRIMARY KEY,
    order_id bigint REFERENCES orders (id) ON DELETE SET NULL,
    title    text NOT NULL,
    content  bytea NOT NULL,
    meta     jsonb NOT NULL
);

CREATE TABLE events (
    id          bigserial PRIMARY KEY,
    order_id    bigint REFERENCES orders (id) ON DELETE CASCADE,
    kind        text NOT NULL,
    happened_at timestamp with time zone NOT NULL DEFAULT now(),
    payload     jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX events_order ON events (order_id);

CREATE VIEW order_totals AS
SELECT o.id, o.number, c.name AS customer, sum(l.quantity * l.unit_price) AS total
FROM orders o
JOIN customers c ON c.id = o.customer_id
LEFT JOIN order_lines l ON l.order_id = o.id
GROUP BY o.id, o.number, c.name;

COMMENT ON TABLE orders IS 'Bestellungen · commandes · 注文';
