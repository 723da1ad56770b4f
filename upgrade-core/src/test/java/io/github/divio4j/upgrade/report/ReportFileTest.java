package io.github.divio4j.upgrade.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportFileTest {

    private final Report report = Report.of(Reported.plan());

    @TempDir
    Path folder;

    private void assertThatOnlyHolds(Path file, String content) throws IOException {
        assertThat(file).hasContent(content);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void theEndingOfTheNameChoosesTheForm() throws IOException {
        for (String name : new String[] {"a.txt", "a.md", "a.mmd", "a.html", "b.HTML"}) {
            report.writeTo(folder.resolve(name));
        }

        assertThat(folder.resolve("a.txt")).hasContent(report.text());
        assertThat(folder.resolve("a.md")).hasContent(report.markdown());
        assertThat(folder.resolve("a.mmd")).hasContent(report.mermaid());
        assertThat(folder.resolve("a.html")).hasContent(report.html());
        assertThat(folder.resolve("b.HTML")).hasContent(report.html());
    }

    @Test
    void anotherEndingIsRefusedAndSaysWhichThereAre() throws IOException {
        Path file = folder.resolve("report.pdf");

        assertThatThrownBy(() -> report.writeTo(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The report was not written: " + file
                        + " must end with .txt, .md, .mmd or .html, which says what it is written as.");
        assertThat(file).doesNotExist();
    }

    @Test
    void aReportTakesThePlaceOfTheOneBefore() throws IOException {
        Path file = Files.writeString(folder.resolve("report.txt"), "before");

        report.writeTo(file);

        assertThatOnlyHolds(file, report.text());
    }

    @Test
    void aFileThatMustNotBeWrittenIsLeftAsItIs() throws IOException {
        Path file = Files.writeString(folder.resolve("report.txt"), "before");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));

        assertThatThrownBy(() -> report.writeTo(file))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage(
                        "The report could not be written to " + file + " (there is no permission to write to " + file
                                + "), and nothing was changed there; choose a file in a folder that exists and can be written"
                                + " to.");
        assertThatOnlyHolds(file, "before");
    }

    @Test
    void inAFolderThatMustNotBeWrittenNothingIsLeft() throws IOException {
        Path closed = Files.createDirectory(folder.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
        try {
            assertThatThrownBy(() -> report.writeTo(closed.resolve("report.html")))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("there is no permission to write to " + closed);
            assertThat(closed).isEmptyDirectory();
        } finally {
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @Test
    void aFolderThatIsMissingIsNotMade() {
        Path file = folder.resolve("missing/report.md");

        assertThatThrownBy(() -> report.writeTo(file))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(file + " (its folder does not exist)");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aFolderIsNoFile() throws IOException {
        Path inTheWay = Files.createDirectory(folder.resolve("report.md"));

        assertThatThrownBy(() -> report.writeTo(inTheWay))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(inTheWay + " (it is a folder)");
        assertThat(inTheWay).isEmptyDirectory();
    }
}
