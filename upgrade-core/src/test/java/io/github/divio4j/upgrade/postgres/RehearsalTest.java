package io.github.divio4j.upgrade.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.divio4j.upgrade.postgres.Rehearsal.Piece;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RehearsalTest {

    @Test
    void aDumpIsCutAtItsObjectsAndSettingsStandAlone() {
        String dump = """
                --
                -- PostgreSQL database dump
                --

                \\restrict abc

                SET statement_timeout = 0;
                SET client_encoding = 'UTF8';
                SELECT pg_catalog.set_config('search_path', '', false);

                --
                -- Name: f(integer, text); Type: FUNCTION; Schema: public; Owner: -
                --

                CREATE FUNCTION public.f(integer, text) RETURNS text
                    LANGUAGE plpgsql
                    AS $_$
                -- Name: no; Type: TABLE; Schema: public; Owner: -
                BEGIN RETURN 1; END
                $_$;


                SET default_tablespace = '';

                SET default_table_access_method = heap;

                --
                -- Name: orders; Type: TABLE; Schema: public; Owner: -
                --

                CREATE TABLE public.orders (
                    id integer
                );


                --
                -- Name: hstore; Type: EXTENSION; Schema: -; Owner: -
                --

                CREATE EXTENSION IF NOT EXISTS hstore WITH SCHEMA public;


                \\unrestrict abc
                """;

        assertThat(Rehearsal.pieces(dump))
                .extracting(
                        Piece::object,
                        piece -> piece.sql()
                                .replaceAll("(?s)^(?:--[^\n]*\n|\\s)*", "")
                                .split("\n")[0])
                .containsExactly(
                        tuple("", "SET client_encoding = 'UTF8';"),
                        tuple("", "SELECT pg_catalog.set_config('search_path', '', false);"),
                        tuple(
                                "function public.f(integer, text)",
                                "CREATE FUNCTION public.f(integer, text) RETURNS text"),
                        tuple("", "SET default_tablespace = '';"),
                        tuple("", "SET default_table_access_method = heap;"),
                        tuple("table public.orders", "CREATE TABLE public.orders ("),
                        tuple("extension hstore", "CREATE EXTENSION IF NOT EXISTS hstore WITH SCHEMA public;"));
    }

    @Test
    void aTimeLimitIsMoreThanZero() {
        Rehearsal rehearsal = Rehearsal.of(DatabaseAddress.parse("postgres://me@db/shop"));

        assertThatThrownBy(() -> rehearsal.withTimeLimit(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("more than zero");
    }
}
