package io.github.divio4j.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of 5 GiB go through a JVM of 32 MiB. */
class LargeFileTest {
    private static final long SIZE = 5L * 1024 * 1024 * 1024;

    /** Runs {@link LargeFile} in a JVM of its own and returns what it said. */
    private static String transfer(String kind, long size) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx32m",
                        "-XX:MaxDirectMemorySize=8m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LargeFile.class.getName(),
                        kind,
                        Long.toString(size))
                .redirectErrorStream(true)
                .start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).as(said).isTrue();
            return said.strip();
        } finally {
            process.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"download", "exo-presigned-v1", "az-sas-v1"})
    void memoryDoesNotGrowWithTheFile(String kind) throws IOException, InterruptedException {
        assertThat(transfer(kind, SIZE)).isEqualTo(kind + " " + SIZE);
    }

    @Test
    void theMemoryOfThatJvmIsTooSmallForEvenAHundredthOfTheFile() throws IOException, InterruptedException {
        assertThat(transfer("array", SIZE / 100)).contains("OutOfMemoryError");
    }
}
