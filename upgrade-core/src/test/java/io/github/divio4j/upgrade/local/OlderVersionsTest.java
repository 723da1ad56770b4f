package io.github.divio4j.upgrade.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.upgrade.PostgresVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OlderVersionsTest {

    @TempDir
    private Path folder;

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private List<String> found() {
        return OlderVersions.find(folder, PostgresVersion.parse("15")).stream()
                .map(notice -> notice.toString().replace(folder + "/", ""))
                .toList();
    }

    @Test
    void findsClientPackagesInDockerfiles() throws IOException {
        write("Dockerfile", "FROM python:3.13\nRUN apt-get install -y postgresql-client-13 curl\n");
        write("worker/Dockerfile.dev", "RUN apk add postgresql12-client\nRUN apk add postgresql15-client\n");

        assertThat(found())
                .containsExactly(
                        "Dockerfile, line 2: postgresql-client-13 is of PostgreSQL 13, and is not changed here.",
                        "worker/Dockerfile.dev, line 1: postgresql12-client is of PostgreSQL 12, and is not changed here.");
    }

    @Test
    void findsImagesInDockerfilesAndInTheServicesOfContinuousIntegration() throws IOException {
        write("db/Dockerfile", "FROM postgres:13-alpine\n");
        write(
                ".github/workflows/test.yml",
                "services:\n  postgres:\n    image: postgres:9.6\n  new:\n    image: postgres:16\n");
        write(".gitlab-ci.yml", "services:\n  - registry.example.com/postgis/postgis:13-3.1\n  # - postgres:12\n");

        assertThat(found())
                .containsExactly(
                        ".github/workflows/test.yml, line 3: postgres:9.6 is of PostgreSQL 9.6, and is not changed here.",
                        ".gitlab-ci.yml, line 2: registry.example.com/postgis/postgis:13-3.1 is of PostgreSQL 13,"
                                + " and is not changed here.",
                        "db/Dockerfile, line 1: postgres:13-alpine is of PostgreSQL 13, and is not changed here.");
    }

    @Test
    void leavesOutOtherFilesAndThoseOfOtherPeople() throws IOException {
        write("README.md", "postgres:13\n");
        write("node_modules/x/Dockerfile", "FROM postgres:13\n");
        write(".cache/Dockerfile", "FROM postgres:13\n");
        write("ci/workflow.yml", "image: postgres:13\n");

        assertThat(found()).isEmpty();
    }

    @Test
    void isNoneTheWiserWhereAVersionIsNotWrittenOut() throws IOException {
        write("Dockerfile", "FROM postgres:${PG}\nRUN apt-get install postgresql-client\nCOPY my-postgres:13 .\n");

        assertThat(found()).isEmpty();
    }
}
