package io.github.divio4j.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.client.internal.KnownCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadmeTest {
    @Test
    void theTableOfCallsHoldsEveryCallAndNoOther() throws IOException {
        List<String> rows = Files.readAllLines(Path.of("README.md")).stream()
                .filter(line -> line.matches("\\| `\\w+\\(\\)` \\| `.*"))
                .map(line -> line.split("`", -1)[3])
                .toList();
        assertThat(rows)
                .containsExactlyInAnyOrderElementsOf(KnownCall.all().stream()
                        .map(call -> call.method() + " " + call.path())
                        .toList());
    }
}
