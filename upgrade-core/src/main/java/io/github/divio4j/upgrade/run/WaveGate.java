package io.github.divio4j.upgrade.run;

import io.github.divio4j.upgrade.EnvironmentRef;
import java.util.List;

/**
 * Decides whether a wave may begin to migrate: a person who is asked, a check of the application, a calendar. Its
 * environments are prepared by then, and all earlier waves are through.
 *
 * <p>Is asked once for each wave that has something to migrate, on the thread of the run, when no environment is between
 * its first rename and its deployment. It may take its time; meanwhile the run does nothing else. What it throws stops the
 * run, which can be resumed.
 */
@FunctionalInterface
public interface WaveGate {

    /** Lets every wave go. */
    WaveGate AUTOMATIC = wave -> Answer.GO;

    /** Answers for a wave. */
    Answer ask(Wave wave);

    /** What may be answered. */
    enum Answer {
        /** The wave may begin. */
        GO,
        /** Nothing new begins in this wave and in later ones. */
        STOP
    }

    /**
     * The wave that is asked for.
     *
     * @param number its number, from 0
     * @param environments those of its environments that are to be migrated
     * @param soFar how the environments came out that the run is through with
     */
    record Wave(int number, List<EnvironmentRef> environments, List<RunReport.EnvironmentResult> soFar) {
        /** Copies the lists. */
        public Wave {
            environments = List.copyOf(environments);
            soFar = List.copyOf(soFar);
        }
    }
}
