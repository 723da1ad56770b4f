package io.github.divio4j.upgrade.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Whatever becomes of a compose file: either the result differs from it in nothing but image tags and mount paths, or it is refused
 * with the number of a line.
 */
class ComposeFuzzTest {

    private static final int FILES = 3_000;
    private static final long SEED = 20_261_124;

    /** What may stand in an image tag, before and after. */
    private static final Pattern TAG = Pattern.compile("[\\w.:-]*(@sha256:[0-9a-f]+)?");

    private static final Pattern IMAGE_PATH = Pattern.compile("(?s)\\d+/services/[^/]*(/<<(/\\d+)?)*/image");

    private static final Pattern MOUNT_PATH =
            Pattern.compile("(?s)\\d+/services/[^/]*(/<<(/\\d+)?)*/(volumes|tmpfs)(/\\d+)?(/target)?");

    private static final Pattern MOUNT = Pattern.compile("/var/lib/postgresql(/data/*)?");

    private static final List<String> TOKENS = List.of(
            "\n",
            "\r\n",
            "\t",
            " ",
            "  ",
            "#",
            ":",
            ": ",
            "- ",
            "\"",
            "'",
            "\\",
            "{",
            "}",
            "[",
            "]",
            ",",
            "&a ",
            "*a",
            "<<: ",
            "!!str ",
            "|",
            ">-",
            "|-\n",
            "---\n",
            "...\n",
            "%YAML 1.2\n",
            "? ",
            "${",
            "}",
            "$",
            "$$",
            "${X:-",
            "postgres:13",
            "postgres",
            "image: ",
            "services:\n",
            "13",
            "15",
            ":13",
            "@sha256:00",
            "-alpine",
            "/var/lib/postgresql/data",
            "\u0000",
            "\uFEFF",
            "\u00e9",
            "\uD83D\uDE00",
            "\u2028",
            "\u0085",
            "extends: ",
            "include: [x.yml]\n",
            "~",
            "null");

    @TempDir
    private Path folder;

    @Test
    void changesNothingButTagsAndMountPathsOrRefusesWithALine() throws IOException {
        SplittableRandom random = new SplittableRandom(SEED);
        List<byte[]> seeds = seeds();
        Path file = folder.resolve("docker-compose.yml");
        Files.writeString(folder.resolve(".env"), "PG_VERSION=13\n");
        int changed = 0;
        int refused = 0;
        for (int i = 0; i < FILES; i++) {
            byte[] mutant = mutate(seeds.get(random.nextInt(seeds.size())), seeds, random);
            String name = "file " + i + ":\n" + new String(mutant, StandardCharsets.UTF_8);
            try {
                ComposeChange change = ComposeFile.of(file, mutant).change(spec(random));
                Map<Path, byte[]> after = change.after();
                if (after.containsKey(file)) {
                    changed++;
                    checkOutside(name, mutant, after.get(file), change.edits());
                    checkMeaning(name, mutant, after.get(file));
                }
            } catch (LocalUpgradeException e) {
                refused++;
                assertThat(e.getMessage()).as(name).matches("(?s).*, line \\d+.*");
            } catch (RuntimeException | StackOverflowError e) {
                fail(name, e);
            }
        }
        assertThat(changed).as("changed").isGreaterThan(FILES / 10);
        assertThat(refused).as("refused").isGreaterThan(FILES / 10);
    }

    private static LocalSpec spec(SplittableRandom random) {
        LocalSpec.Builder spec = LocalSpec.to(random.nextBoolean() ? "15" : "18");
        if (random.nextInt(4) > 0) {
            spec.allServices();
        }
        if (random.nextBoolean()) {
            spec.moveDataDirectory().dropDigests().editEnvFile();
        }
        return spec.build();
    }

    private static List<byte[]> seeds() throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        for (ComposeCase golden : ComposeCase.all()) {
            Path file = golden.before().resolve("docker-compose.yml");
            if (Files.exists(file)) {
                seeds.add(Files.readAllBytes(file));
            }
        }
        return seeds;
    }

    private static byte[] mutate(byte[] seed, List<byte[]> seeds, SplittableRandom random) {
        byte[] result = seed;
        int times = random.nextInt(4);
        for (int i = 0; i < times; i++) {
            int at = random.nextInt(result.length + 1);
            int end = Math.min(result.length, at + random.nextInt(6));
            result = switch (random.nextInt(6)) {
                case 0 -> join(result, at, new byte[] {(byte) random.nextInt(256)}, end);
                case 1 -> join(result, at, new byte[0], end);
                case 2 -> join(result, at, Arrays.copyOfRange(result, at, end), at);
                case 3 -> {
                    byte[] other = seeds.get(random.nextInt(seeds.size()));
                    int from = random.nextInt(other.length + 1);
                    yield join(result, at, Arrays.copyOfRange(other, from, Math.min(other.length, from + 40)), end);
                }
                default -> join(result, at, token(random), random.nextBoolean() ? at : end);
            };
        }
        return result;
    }

    private static byte[] token(SplittableRandom random) {
        return TOKENS.get(random.nextInt(TOKENS.size())).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] join(byte[] bytes, int start, byte[] between, int end) {
        byte[] result = new byte[start + between.length + bytes.length - end];
        System.arraycopy(bytes, 0, result, 0, start);
        System.arraycopy(between, 0, result, start, between.length);
        System.arraycopy(bytes, end, result, start + between.length, bytes.length - end);
        return result;
    }

    /**
     * Reads both files with the parser alone, and looks at every value that differs: each must be the image of a service with another
     * tag or a mount with another path, or the same text where an anchor repeats it.
     */
    private static void checkMeaning(String name, byte[] before, byte[] after) {
        Map<String, String> then = values(before);
        Map<String, String> now = values(after);
        assertThat(now.keySet()).as(name).isEqualTo(then.keySet());
        Set<List<String>> meant = new HashSet<>();
        Map<String, List<String>> others = new TreeMap<>();
        then.forEach((path, value) -> {
            String other = now.get(path);
            if (!value.equals(other)) {
                boolean image = IMAGE_PATH.matcher(path).matches() && onlyTagDiffers(value, other);
                boolean mount = MOUNT_PATH.matcher(path).matches()
                        && value.replaceFirst("/var/lib/postgresql/data/*", "/var/lib/postgresql")
                                .equals(other);
                if (image || mount) {
                    meant.add(List.of(value, other));
                } else {
                    others.put(path, List.of(value, other));
                }
            }
        });
        assertThat(meant).as(name).isNotEmpty();
        others.forEach((path, pair) -> assertThat(meant).as("%s%s", name, path).contains(pair));
    }

    /** What is before the first difference and behind the last one must leave a tag, a digest, or nothing. */
    private static boolean onlyTagDiffers(String one, String other) {
        int shorter = Math.min(one.length(), other.length());
        int same = 0;
        while (same < shorter && one.charAt(same) == other.charAt(same)) {
            same++;
        }
        int end = 0;
        while (end < shorter - same && one.charAt(one.length() - 1 - end) == other.charAt(other.length() - 1 - end)) {
            end++;
        }
        return one.substring(0, same).matches("(?s).*(postg|timescale|pgvector|\\$).*")
                && TAG.matcher(one.substring(same, one.length() - end)).matches()
                && TAG.matcher(other.substring(same, other.length() - end)).matches();
    }

    private static Map<String, String> values(byte[] file) {
        String text = new String(file, StandardCharsets.UTF_8).replaceFirst("^\uFEFF", "");
        Map<String, String> values = new TreeMap<>();
        LoadSettings settings = LoadSettings.builder().build();
        Composer documents = new Composer(settings, new ParserImpl(settings, new StreamReader(settings, text)));
        for (int number = 0; documents.hasNext(); number++) {
            values("" + number, documents.next(), values);
        }
        return values;
    }

    private static void values(String path, Node node, Map<String, String> values) {
        // An anchor may hold itself.
        if (path.chars().filter(c -> c == '/').count() > 12) {
            return;
        }
        if (node instanceof ScalarNode scalar) {
            values.put(path, scalar.getValue());
        } else if (node instanceof SequenceNode sequence) {
            for (int i = 0; i < sequence.getValue().size(); i++) {
                values(path + "/" + i, sequence.getValue().get(i), values);
            }
        } else if (node instanceof MappingNode mapping) {
            for (NodeTuple entry : mapping.getValue()) {
                String key = entry.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
                values(path + "/" + key.replace('/', '_'), entry.getValueNode(), values);
            }
        }
    }

    /** Compares what is between the edits, byte by byte, and looks at what the edits replace. */
    private static void checkOutside(String name, byte[] before, byte[] after, List<FileEdit> edits) {
        Set<Integer> starts = new HashSet<>();
        int inBefore = 0;
        int inAfter = 0;
        for (FileEdit edit : edits) {
            if (!edit.file().endsWith("docker-compose.yml")) {
                continue;
            }
            int length = edit.start() - inBefore;
            assertThat(length).as(name).isNotNegative();
            assertThat(Arrays.equals(before, inBefore, inBefore + length, after, inAfter, inAfter + length))
                    .as(name)
                    .isTrue();
            String old = new String(before, edit.start(), edit.end() - edit.start(), StandardCharsets.UTF_8);
            assertThat(old).as(name).isEqualTo(edit.before());
            boolean mount =
                    MOUNT.matcher(old).matches() && MOUNT.matcher(edit.after()).matches();
            boolean tag =
                    TAG.matcher(old).matches() && TAG.matcher(edit.after()).matches();
            assertThat(mount || tag).as("%s%s", name, edit).isTrue();
            assertThat(starts.add(edit.start())).as(name).isTrue();
            inBefore = edit.end();
            inAfter += length + edit.after().getBytes(StandardCharsets.UTF_8).length;
        }
        assertThat(Arrays.equals(before, inBefore, before.length, after, inAfter, after.length))
                .as(name)
                .isTrue();
    }
}
