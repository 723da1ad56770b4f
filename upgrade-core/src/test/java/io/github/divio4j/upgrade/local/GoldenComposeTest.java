package io.github.divio4j.upgrade.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Projects before and after, byte for byte, with everything that is said about them. {@code -Dgolden.update} writes them as they
 * are now; read the difference before it is committed.
 */
class GoldenComposeTest {

    @TempDir
    private Path folder;

    static List<ComposeCase> cases() throws IOException {
        return ComposeCase.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void isAsItWasReviewed(ComposeCase golden) throws IOException {
        Path project = golden.copyTo(folder);

        String said = golden.change(project);

        if (System.getProperty("golden.update") != null) {
            golden.update(project, said);
        }
        assertThat(said).isEqualTo(golden.notices());
        assertThat(text(project)).isEqualTo(text(golden.after()));
        assertThat(bytes(project)).usingRecursiveComparison().isEqualTo(bytes(golden.after()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void afterTheChangeThereIsNothingMoreToChange(ComposeCase golden) throws IOException {
        Path project = golden.copyTo(folder);
        golden.change(project);
        Map<Path, byte[]> once = bytes(project);

        golden.change(project);

        assertThat(bytes(project)).usingRecursiveComparison().isEqualTo(once);
    }

    private static Map<Path, byte[]> bytes(Path folder) throws IOException {
        Map<Path, byte[]> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(folder.relativize(file), Files.readAllBytes(file));
            }
        }
        return files;
    }

    private static String text(Path folder) throws IOException {
        return bytes(folder).entrySet().stream()
                .map(file -> file.getKey() + ":\n" + new String(file.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("\n"));
    }
}
