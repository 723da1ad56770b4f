package io.github.divio4j.examples.sandbox;

import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * The PostgreSQL server of one major version.
 *
 * <p>The archives of all versions have the same name inside their jars, so each is opened from its own jar instead of the
 * class path.
 */
record PostgresBinaries(String version, Path jar) implements PgBinaryResolver {
    private static final String PREFIX = "postgres-";
    private static final String SUFFIX = ".jar";

    /** The folder that the build copies the jars to. */
    static Path directory() {
        String configured = System.getProperty("postgres.binaries.directory");
        if (configured != null) {
            return Path.of(configured).toAbsolutePath();
        }
        Path fromRoot = Path.of("upgrade-examples", "target", "postgres-binaries");
        Path fromModule = Path.of("target", "postgres-binaries");
        return (Files.isDirectory(fromRoot) ? fromRoot : fromModule).toAbsolutePath();
    }

    /** All that are there, oldest first. */
    static List<PostgresBinaries> available() {
        Path directory = directory();
        try (Stream<Path> files = Files.list(directory)) {
            List<PostgresBinaries> found = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(PREFIX) && name.endsWith(SUFFIX))
                    .map(name -> name.substring(PREFIX.length(), name.length() - SUFFIX.length()))
                    .filter(version -> version.matches("\\d+(\\.\\d+)?"))
                    .sorted(Comparator.comparingDouble(Double::parseDouble))
                    .map(version -> new PostgresBinaries(version, directory.resolve(PREFIX + version + SUFFIX)))
                    .toList();
            if (!found.isEmpty()) {
                return found;
            }
        } catch (IOException e) {
            // Said below: no folder is no server, too.
        }
        throw new SandboxException("There are no PostgreSQL servers in " + directory
                + ": run \"./mvnw -pl upgrade-examples -am process-classes\", which puts them there.");
    }

    @Override
    public InputStream getPgBinary(String system, String machineHardware) throws IOException {
        JarFile file = new JarFile(jar.toFile());
        try {
            return new Archive(file, file.getInputStream(archive(file)));
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** A name for what is in the jar, which changes when the build brings another minor version. */
    String fingerprint() throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return version + "-" + Long.toHexString(archive(file).getCrc());
        }
    }

    private ZipEntry archive(JarFile file) throws IOException {
        return file.stream()
                .filter(entry -> entry.getName().endsWith(".txz"))
                .findFirst()
                .orElseThrow(() -> new IOException(jar + " holds no PostgreSQL server"));
    }

    /** Closes the jar along with the entry that was read from it. */
    private static final class Archive extends java.io.FilterInputStream {
        private final JarFile file;

        Archive(JarFile file, InputStream entry) {
            super(entry);
            this.file = file;
        }

        @Override
        public void close() throws IOException {
            super.close();
            file.close();
        }
    }
}
