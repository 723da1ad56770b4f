package io.github.divio4j.upgrade.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.upgrade.run.RunReport.Result;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Upgrades in which everything goes wrong, as schedules decide it: see {@link Simulation}. */
@Tag("large")
class SimulationTest {

    private static final long SEED = 20260301;
    private static final int SCHEDULES = 2_000;

    @Test
    void whateverHappensNothingForbiddenIsDoneAndEverythingComesToATrueEnd() {
        List<String> bad = new CopyOnWriteArrayList<>();

        Simulations played = Simulations.play(SEED, 0, SCHEDULES, bad::add);

        System.out.println("Simulation: " + SCHEDULES + " schedules, " + played.worlds() + " worlds, ended "
                + played.ends() + ", injected " + played.injected());
        assertThat(bad).as("stories of what went wrong").isEmpty();
        assertThat(played.neverInjected()).isEmpty();
        assertThat(played.ends()).containsKeys(Result.UPGRADED, Result.ROLLED_BACK, Result.BLOCKED);
        assertThat(played.worlds()).isGreaterThan(1_000);
    }

    @Test
    void aScheduleIsTheSameEachTime() {
        for (int number = 0; number < 20; number++) {
            assertThat(Simulation.tell(SEED, number)).isEqualTo(Simulation.tell(SEED, number));
        }
    }

    @Test
    void aStoryTellsWhatHappenedAndHowToSeeItAgain() {
        assertThat(Simulation.tell(SEED, 7).toString())
                .startsWith("Schedule 7 of seed 20260301 (Simulation.tell(20260301L, 7)):")
                .containsPattern("\n   2  day 01 00:00:00  run A      starts, to UPGRADE\n")
                .contains("from now on nothing goes wrong any more");
    }
}
