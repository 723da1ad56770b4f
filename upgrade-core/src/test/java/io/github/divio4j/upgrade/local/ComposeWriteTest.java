package io.github.divio4j.upgrade.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComposeWriteTest {

    private static final String BEFORE = "services:\n  db:\n    image: postgres:13\n";
    private static final String AFTER = BEFORE.replace("13", "15");

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("docker-compose.yml");
        Files.writeString(file, BEFORE);
    }

    private ComposeChange change() {
        return ComposeFile.find(folder).change(LocalSpec.to("15").editEnvFile().build());
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void keepsThePermissions() throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-x--x"));

        change().write();

        assertThat(file).hasContent(AFTER);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-x--x");
    }

    @Test
    void leavesNoOtherFile() throws IOException {
        change().write();

        assertThat(names()).containsExactly("docker-compose.yml");
    }

    @Test
    void writesTheFileThatALinkLeadsTo() throws IOException {
        Path elsewhere = Files.createDirectories(folder.resolve("shared")).resolve("base.yml");
        Files.move(file, elsewhere);
        Files.createSymbolicLink(file, Path.of("shared/base.yml"));

        change().write();

        assertThat(file).isSymbolicLink();
        assertThat(elsewhere).hasContent(AFTER);
    }

    @Test
    void aFileThatWasChangedSinceItWasReadIsNotOverwritten() throws IOException {
        ComposeChange change = change();
        Files.writeString(file, BEFORE + "# mine\n");

        assertThatThrownBy(change::write)
                .isInstanceOf(LocalUpgradeException.class)
                .hasMessageContaining("docker-compose.yml was changed by somebody since it was read");

        assertThat(file).hasContent(BEFORE + "# mine\n");
        assertThat(names()).containsExactly("docker-compose.yml");
    }

    @Test
    void aFileThatIsNotWritableIsNotReplaced() throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
        ComposeChange change = change();

        assertThatThrownBy(change::write).hasMessageContaining("is not writable, and was not changed");

        assertThat(file).hasContent(BEFORE);
        assertThat(names()).containsExactly("docker-compose.yml");
    }

    @Test
    void ifOneOfSeveralFilesCannotBeWrittenNoneIs() throws IOException {
        Files.writeString(file, BEFORE.replace("13", "${PG_VERSION:-13}"));
        Path env = folder.resolve(".env");
        Files.writeString(env, "PG_VERSION=13\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
        ComposeChange change = change();

        assertThatThrownBy(change::write).hasMessageContaining("docker-compose.yml is not writable");

        assertThat(env).hasContent("PG_VERSION=13\n");
        assertThat(names()).containsExactly(".env", "docker-compose.yml");
    }

    @Test
    void whereThereIsNothingToChangeNotOneByteIsWritten() throws IOException {
        Files.writeString(file, AFTER);
        FileTime old = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(file, old);
        Object key = Files.readAttributes(file, "unix:ino").get("ino");

        change().write();

        assertThat(Files.getLastModifiedTime(file)).isEqualTo(old);
        assertThat(Files.readAttributes(file, "unix:ino").get("ino")).isEqualTo(key);
        assertThat(change().diff()).isEmpty();
    }

    @Test
    void aFileThatIsGoneIsSaid() throws IOException {
        ComposeChange change = change();
        Files.delete(file);

        assertThatThrownBy(change::write)
                .hasMessageContaining("cannot be replaced")
                .hasMessageContaining("does not exist");
    }
}
