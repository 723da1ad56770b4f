package io.github.divio4j.upgrade.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.run.Observer;
import io.github.divio4j.upgrade.run.StepContext;
import io.github.divio4j.upgrade.run.StepExecutor;
import io.github.divio4j.upgrade.run.StepOutcome;
import io.github.divio4j.upgrade.run.Timer;
import io.github.divio4j.upgrade.testing.StepExecutorContract.Platform;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The contract finds each kind of executor that breaks it, and lets the others pass. */
class StepExecutorContractTest {

    private static final UpgradeSpec TO_15 = UpgradeSpec.to("15").build();

    private static List<String> violations(UnaryOperator<StepExecutor> around) {
        return StepExecutorContract.violations(() -> Platform.simulated(around), TO_15);
    }

    @Test
    void anExecutorThatKeepsTheContractPasses() {
        assertThat(violations(good -> good)).isEmpty();
    }

    @Test
    void anExecutorThatDoesNothingIsFound() {
        assertThat(violations(good -> (step, context) -> new StepOutcome.Done(Map.of())))
                .singleElement()
                .asString()
                .contains("it said that it did what does not show: add PostgreSQL Database 15 (NEW)");
    }

    @Test
    void anExecutorThatDoesADoneStepAgainIsFound() {
        assertThat(StepExecutorContract.violations(() -> new Careless(Careless.Fault.REPEATS), TO_15))
                .anyMatch(v -> v.startsWith("A step that is done is not done again: it did again what was done"));
    }

    @Test
    void anExecutorThatAsksAgainAfterALostAnswerIsFound() {
        assertThat(StepExecutorContract.violations(() -> new Careless(Careless.Fault.REPEATS_AFTER_LOST_ANSWER), TO_15))
                .anyMatch(v -> v.startsWith("After a lost answer it looks, and does not ask again:"));
    }

    @Test
    void anExecutorThatSwallowsAnInterruptIsFound() {
        UnaryOperator<StepExecutor> swallowing = good -> (step, context) -> {
            Thread.interrupted();
            return good.execute(step, context);
        };

        assertThat(violations(swallowing))
                .containsExactly("An interrupt is honoured: it swallowed an interrupt when it was to add PostgreSQL"
                        + " Database 15 (NEW).");
    }

    @Test
    void anExecutorThatEndsAnInterruptedCallPasses() {
        UnaryOperator<StepExecutor> ending = good -> (step, context) -> {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            return good.execute(step, context);
        };

        assertThat(violations(ending)).isEmpty();
    }

    @Test
    void anExecutorThatTellsASecretIsFound() {
        assertThat(StepExecutorContract.violations(() -> new Careless(Careless.Fault.TELLS), TO_15))
                .containsExactly("It makes an upgrade: a secret shows in what it returned, threw or is called.");
    }

    @Test
    void anExecutorThatThrowsIsFoundWithoutRepeatingWhatItSaid() {
        UnaryOperator<StepExecutor> throwing = good -> (step, context) -> {
            throw new IllegalStateException("password=geheim");
        };

        assertThat(violations(throwing))
                .containsExactly(
                        "It makes an upgrade: it threw java.lang.IllegalStateException when it was to add PostgreSQL"
                                + " Database 15 (NEW).");
    }

    /** A platform whose executor has one fault. What it does twice is counted, and does no harm. */
    private static final class Careless implements Platform {
        enum Fault {
            REPEATS,
            REPEATS_AFTER_LOST_ANSWER,
            TELLS
        }

        private final Fault fault;
        private final Platform platform = Platform.simulated(UnaryOperator.identity());
        private int repeated;

        Careless(Fault fault) {
            this.fault = fault;
        }

        @Override
        public StepExecutor executor() {
            return this::execute;
        }

        private StepOutcome execute(Step step, StepContext context) throws InterruptedException {
            StepOutcome outcome = platform.executor().execute(step, context);
            boolean again = fault == Fault.REPEATS && outcome instanceof StepOutcome.AlreadyDone
                    || fault == Fault.REPEATS_AFTER_LOST_ANSWER
                            && context.facts().containsKey("answer");
            if (again) {
                repeated++;
            }
            return fault == Fault.TELLS
                    ? new StepOutcome.InProgress(Duration.ofSeconds(1), "postgres://shop:geheim@db", Map.of())
                    : outcome;
        }

        @Override
        public int changes() {
            return platform.changes() + repeated;
        }

        @Override
        public Set<String> secrets() {
            return Set.of("geheim");
        }

        @Override
        public Observer observer() {
            return platform.observer();
        }

        @Override
        public Timer timer() {
            return platform.timer();
        }

        @Override
        public void loseNextAnswer() {
            platform.loseNextAnswer();
        }
    }
}
