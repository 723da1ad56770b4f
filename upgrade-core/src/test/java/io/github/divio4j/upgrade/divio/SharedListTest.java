package io.github.divio4j.upgrade.divio;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.client.error.ApiCall;
import io.github.divio4j.client.error.DivioNotFoundException;
import io.github.divio4j.client.error.ErrorDetails;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SharedListTest {

    private record Row(@Nullable String environment, int number) {}

    private final List<Row> rows = new ArrayList<>(List.of(new Row("a", 1), new Row("b", 2), new Row("a", 3)));
    private int reads;

    private final SharedList<Row> list = new SharedList<>(
            4,
            () -> {
                reads++;
                return Stream.concat(rows.stream(), Stream.of(new Row("c", 0)));
            },
            Row::environment);

    @Test
    void showsTheRowsOfAnEnvironmentInTheOrderOfTheList() {
        assertThat(list.of("a").orElseThrow()).containsExactly(new Row("a", 1), new Row("a", 3));
    }

    @Test
    void anEnvironmentWithoutRowsHasNone() {
        assertThat(list.of("d").orElseThrow()).isEmpty();
    }

    @Test
    void aListThatIsTooLongOnceIsNotReadAgain() {
        rows.add(new Row("a", 4));

        assertThat(list.of("a")).isEmpty();
        assertThat(list.of("a")).isEmpty();
        assertThat(reads).isEqualTo(1);
    }

    @Test
    void aListThatDoesNotSayWhoseItsRowsAreIsOfNoUse() {
        rows.set(1, new Row(null, 2));

        assertThat(list.of("a")).isEmpty();
    }

    @Test
    void aListThatMayNotBeReadIsOfNoUse() {
        SharedList<Row> refused = new SharedList<>(
                4,
                () -> {
                    throw new DivioNotFoundException(
                            new ApiCall("GET", "/apps/v3/backups/", 1), ErrorDetails.NONE, null);
                },
                Row::environment);

        assertThat(refused.of("a")).isEmpty();
    }
}
