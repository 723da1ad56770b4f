package io.github.divio4j.upgrade.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Programs called {@code docker} and {@code divio} that write down their arguments and act on a model of a project in files: {@code
 * container} holds the image of the database's container, {@code running}, {@code volumes} and {@code tables} say what their
 * names say, {@code config} is what Docker Compose makes of the project.
 */
final class StubPrograms {

    private static final String DOCKER = """
            #!/bin/sh
            # Every argument in brackets, so that two are never taken for one.
            printf '%s' docker >> calls; for a in "$@"; do printf ' [%s]' "$a" >> calls; done; printf '\\n' >> calls
            if [ "$2" = -f ]; then shift 3; set -- compose "$@"; fi
            if [ -f fail ] && [ "$*" = "$(cat fail)" ]; then echo "it went wrong" >&2; exit 7; fi
            case "$*" in
              "compose version") [ ! -f old ] && echo v2 ;;
              "compose config") sed "s#IMAGE#$(sed -n 's/^ *image: \\(postgres[^ ]*\\).*/\\1/p' ../docker-compose.yml | head -n 1)#" config ;;
              "compose ps -a -q") [ -f container ] && echo c1; true ;;
              "inspect --format "*) printf 'database_default|%s|%s|%s\\n' "$(cat container)" \\
                  "$([ -f running ] && echo true || echo false)" "$(tr '\\n' ' ' < volumes)"
                  [ -f web ] && echo 'web|nginx|true|'; true ;;
              "volume ls "*) [ -f volumes ] && sed 's/$/|shop/' volumes; [ -f unlabelled ] && sed 's/$/|/' unlabelled; true ;;
              "compose down -v") rm -f container running volumes tables web incompatible; echo "removed" ;;
              "compose up -d"*) sed -n 's/^ *image: \\(postgres[^ ]*\\).*/\\1/p' ../docker-compose.yml | head -n 1 > container; touch running
                  echo shop_pgdata > volumes; [ $# -eq 3 ] && touch web
                  [ -f incompatible ] && rm running; true ;;
              "compose run "*) cat > checked ;;
              "compose logs "*) [ -f incompatible ] && echo "db-1 | DETAIL: initialized by PostgreSQL version 13, which is not compatible with this version 15.4"; true ;;
              *"psql"*"server_version_num"*) echo 150004 ;;
              *"psql"*"count(*)"*) [ -f tables ] && echo 3 || echo 0 ;;
              *"psql"*"pg_available_extensions"*) printf 'hstore\\npg_trgm\\n' ;;
              *"pg_restore --list"*) echo "2; 3079 16 EXTENSION - pg_trgm" ;;
              *"pg_restore --username"*) cat > restored; touch tables ;;
              *) ;;
            esac
            """;

    private static final String DOCKER_COMPOSE = """
            #!/bin/sh
            cd .. && exec docker compose "$@"
            """;

    private static final String DIVIO = """
            #!/bin/sh
            printf '%s' divio >> calls; for a in "$@"; do printf ' [%s]' "$a" >> calls; done; printf '\\n' >> calls
            [ -f slow ] && { echo waiting; sleep 600 & echo $! > child; wait; }
            [ -f broken ] && { echo "no such environment" >&2; exit 3; }
            (cd .. && docker compose up -d database_default)
            touch tables; echo pulled
            """;

    private final Path state;

    private StubPrograms(Path state) {
        this.state = state;
    }

    /** Puts both beside a project, in which {@code docker-compose.yml} is. */
    static StubPrograms in(Path project) throws IOException {
        StubPrograms stubs = new StubPrograms(Files.createDirectories(project.resolve("stub")));
        stubs.put("config", "name: shop\nservices:\n  database_default:\n    image: IMAGE\n  web:\n    image: nginx\n");
        stubs.program("docker", DOCKER);
        stubs.program("divio", DIVIO);
        return stubs;
    }

    private void program(String name, String script) throws IOException {
        Path file = state.resolve(name);
        // Programs run in the project; what the stubs know is kept out of it.
        Files.writeString(file, script.replaceFirst("\n", "\ncd stub || exit 9\n"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Makes Docker Compose a program of its own. */
    void separateDockerCompose() throws IOException {
        put("old", "");
        program("docker-compose", DOCKER_COMPOSE);
    }

    void remove(String program) throws IOException {
        Files.delete(state.resolve(program));
    }

    void put(String name, String content) throws IOException {
        Files.writeString(state.resolve(name), content, StandardCharsets.UTF_8);
    }

    boolean has(String name) {
        return Files.exists(state.resolve(name));
    }

    String get(String name) throws IOException {
        return Files.readString(state.resolve(name));
    }

    /** The calls since the last time that this was asked. */
    List<String> calls() throws IOException {
        Path file = state.resolve("calls");
        List<String> calls = Files.exists(file) ? Files.readAllLines(file) : List.of();
        Files.deleteIfExists(file);
        return calls;
    }

    /** The variables of the programs. */
    Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("PATH", state + ":/usr/bin:/bin");
        return environment;
    }
}
