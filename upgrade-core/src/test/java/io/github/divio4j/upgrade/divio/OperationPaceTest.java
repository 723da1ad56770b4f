package io.github.divio4j.upgrade.divio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.divio4j.upgrade.CatalogueService;
import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.InstanceRef;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.StepId;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OperationPaceTest {

    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final TestClock clock = new TestClock();
    private final AtomicLong throttled = new AtomicLong();
    /** In the middle: delays are neither longer nor shorter. */
    private double random = 0.5;

    private boolean shared;

    private final OperationPace pace = new OperationPace(
            clock, () -> random, LONGEST, throttled::get, kind -> shared && kind == Step.Kind.BACK_UP);

    private static Step.Provision provision(int environment) {
        InstanceRef target = new InstanceRef(
                InstanceRef.Role.TARGET, new CatalogueService("s15", "PostgreSQL Database 15", null), "NEW");
        return new Step.Provision(
                new StepId("shop/env-" + environment + "/provision/NEW/13-15"), environment(environment), target);
    }

    private static EnvironmentRef environment(int number) {
        return new EnvironmentRef("shop", "e" + number, "env-" + number);
    }

    private static Step.BackUp backUp(int environment) {
        InstanceRef source = new InstanceRef(
                InstanceRef.Role.SOURCE, new CatalogueService("s13", "PostgreSQL Database 13", null), "DEFAULT");
        return new Step.BackUp(
                new StepId("shop/env-" + environment + "/back-up/DEFAULT/13-15"),
                environment(environment),
                source,
                Set.of());
    }

    private Duration delayAfter(Duration elapsed) {
        pace.begin(backUp(1));
        clock.pass(elapsed);
        return pace.lookAgain(backUp(1));
    }

    /** Lets an operation run and looks at it as often as the pace says. */
    private int looksAtOneOf(Duration length) {
        pace.begin(backUp(1));
        Instant end = clock.instant().plus(length);
        int looks = 0;
        while (clock.instant().isBefore(end)) {
            clock.pass(pace.lookAgain(backUp(1)));
            looks++;
        }
        pace.end(backUp(1), true);
        return looks;
    }

    @Test
    void theDelayIsAFortiethOfTheTimeThatHasPassed() {
        assertThat(delayAfter(Duration.ofSeconds(400))).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void theDelayIsNeverShorterThanATenthOfASecond() {
        assertThat(delayAfter(Duration.ZERO)).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void theDelayIsNeverLongerThanTheCallerAllows() {
        assertThat(delayAfter(Duration.ofHours(2))).isEqualTo(LONGEST);
    }

    @Test
    void anOperationOfAnEarlierProcessCountsFromItsFirstLook() {
        assertThat(pace.lookAgain(backUp(1))).isEqualTo(Duration.ofMillis(100));
        clock.pass(Duration.ofSeconds(40));
        assertThat(pace.lookAgain(backUp(1))).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void onceEndsAreKnownTheFirstLookWaitsForTheEarliest() {
        looksAtOneOf(Duration.ofSeconds(20));
        looksAtOneOf(Duration.ofSeconds(10));
        looksAtOneOf(Duration.ofSeconds(10));

        // Three are known: half of the earliest.
        assertThat(delayAfter(Duration.ZERO)).isCloseTo(Duration.ofSeconds(5), Duration.ofMillis(200));
    }

    @Test
    void whatWasLearnedSavesLooks() {
        int unlearned = looksAtOneOf(Duration.ofSeconds(60));
        for (int i = 0; i < 10; i++) {
            looksAtOneOf(Duration.ofSeconds(60));
        }

        assertThat(looksAtOneOf(Duration.ofSeconds(60))).isLessThan(unlearned / 4);
    }

    @Test
    void nothingIsLearnedFromAFailure() {
        pace.begin(backUp(1));
        clock.pass(Duration.ofSeconds(60));
        pace.lookAgain(backUp(1));
        pace.end(backUp(1), false);

        assertThat(delayAfter(Duration.ZERO)).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void nothingIsLearnedFromAnOperationThatWasNotSeenToRun() {
        pace.begin(backUp(1));
        clock.pass(Duration.ofSeconds(60));
        pace.end(backUp(1), true);

        assertThat(delayAfter(Duration.ZERO)).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void manyOperationsTogetherAreLookedAtFortyTimesASecond() {
        for (int i = 0; i < 1_000; i++) {
            pace.begin(backUp(i));
        }

        assertThat(pace.lookAgain(backUp(7))).isEqualTo(Duration.ofSeconds(25));
    }

    @Test
    void operationsThatOneLookShowsTogetherAreLookedAtAsIfTheyWereAlone() {
        shared = true;
        for (int i = 0; i < 1_000; i++) {
            pace.begin(backUp(i));
        }

        assertThat(pace.lookAgain(backUp(7))).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void fewOperationsAreLookedAtOneByOneAlthoughAListWouldShowThem() {
        shared = true;
        pace.begin(backUp(1));
        pace.begin(backUp(2));
        for (int i = 0; i < OperationPace.LOOKS_PER_SECOND - 2; i++) {
            pace.begin(provision(i));
        }

        assertThat(pace.lookAgain(backUp(1))).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void whatNobodyLooksAtAnyMoreDoesNotSlowDownTheOthers() {
        for (int i = 0; i < 1_000; i++) {
            pace.begin(backUp(i));
        }
        clock.pass(Duration.ofMinutes(2));

        assertThat(delayAfter(Duration.ZERO)).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void anAnswerThatThereAreTooManyRequestsSlowsDownEveryEnvironment() {
        throttled.incrementAndGet();
        pace.begin(backUp(1));
        pace.begin(backUp(2));

        assertThat(pace.lookAgain(backUp(1))).isEqualTo(Duration.ofMillis(200));
        assertThat(pace.lookAgain(backUp(2))).isEqualTo(Duration.ofMillis(200));
    }

    @Test
    void moreSuchAnswersSlowDownEightTimesAtMost() {
        pace.begin(backUp(1));
        Duration delay = Duration.ZERO;
        for (int i = 0; i < 10; i++) {
            throttled.incrementAndGet();
            delay = pace.lookAgain(backUp(1));
        }

        assertThat(delay).isEqualTo(Duration.ofMillis(800));
    }

    @Test
    void itWearsOff() {
        throttled.incrementAndGet();
        delayAfter(Duration.ZERO);

        clock.pass(Duration.ofMinutes(2));

        assertThat(delayAfter(Duration.ZERO).toNanos()).isCloseTo(100_000_000L, within(100_000L));
    }

    @Test
    void delaysDifferByATenth() {
        random = 0;
        assertThat(delayAfter(Duration.ofSeconds(400))).isEqualTo(Duration.ofSeconds(9));
        random = 1;
        assertThat(delayAfter(Duration.ofSeconds(400))).isEqualTo(Duration.ofSeconds(11));
    }
}
