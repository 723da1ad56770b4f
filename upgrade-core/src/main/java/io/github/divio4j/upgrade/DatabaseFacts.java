package io.github.divio4j.upgrade;

import static java.util.Objects.requireNonNull;

import io.github.divio4j.upgrade.UpgradeSpec.Verification;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an environment's databases from inside, where the platform tells nothing. What is not known is left out,
 * and then counts as not done.
 *
 * @param fences the fences that are up, by the id of the instance that they keep from being written to
 * @param verified how thoroughly the databases were compared, and found to hold the same, after a restore; by its id
 * @param analyzed the ids of the restores after which statistics were collected
 * @param preflights what was found that stands in the way of an upgrade, shortly before this look; by the id of the instance to leave.
 *     That nothing was found has to be known to other processes, too; what was found may be known to the one alone that looked
 * @param fencesStopApplication whether a fence stops the application itself, and not only what it writes to one instance: then it
 *     is lifted as soon as the application has moved. It must be told before there is a fence, too
 * @param retired what became of the instances that the application has left, by their ids. For people only: no plan depends on it
 */
public record DatabaseFacts(
        Map<String, Fence> fences,
        Map<String, Verification> verified,
        Set<String> analyzed,
        Map<String, Preflight> preflights,
        boolean fencesStopApplication,
        Map<String, Retired> retired) {

    /** Nothing is known. */
    public static final DatabaseFacts NONE = new DatabaseFacts(Map.of(), Map.of(), Set.of());

    /** Facts of databases whose fences are around one instance each. */
    public DatabaseFacts(Map<String, Fence> fences, Map<String, Verification> verified, Set<String> analyzed) {
        this(fences, verified, analyzed, Map.of(), false, Map.of());
    }

    /** Copies what could change. */
    public DatabaseFacts {
        fences = Map.copyOf(fences);
        verified = Map.copyOf(verified);
        analyzed = Set.copyOf(analyzed);
        preflights = Map.copyOf(preflights);
        retired = Map.copyOf(retired);
    }

    /** The same with what was found before an upgrade. */
    public DatabaseFacts withPreflights(Map<String, Preflight> known) {
        return new DatabaseFacts(fences, verified, analyzed, known, fencesStopApplication, retired);
    }

    /** The same with what became of the instances that the application has left. */
    public DatabaseFacts withRetired(Map<String, Retired> known) {
        return new DatabaseFacts(fences, verified, analyzed, preflights, fencesStopApplication, known);
    }

    /**
     * What was looked for before an upgrade.
     *
     * @param target the version that the instance was to move to
     * @param obstacles what would break the restore, or lose data; empty if nothing does
     */
    public record Preflight(PostgresVersion target, List<Obstacle> obstacles) {
        /** Copies the list. */
        public Preflight {
            requireNonNull(target, "target");
            obstacles = List.copyOf(obstacles);
        }
    }

    /**
     * Something that would break a restore, or lose data in it.
     *
     * @param message what is wrong with what, as a sentence
     * @param remedy what to do, as a sentence
     */
    public record Obstacle(String message, String remedy) {
        /** Checks that nothing is missing. */
        public Obstacle {
            requireNonNull(message, "message");
            requireNonNull(remedy, "remedy");
        }
    }

    /**
     * That an instance refuses the application's writes.
     *
     * @param token a word that no other fence has, however often one is raised and lifted: a backup whose note carries it was
     *     begun under this very fence, whatever the clocks say
     * @param since when it was raised
     * @param holds whether, as far as can be seen, nothing was written in spite of it. One that does not hold proves nothing any
     *     more, and has to be lifted all the same
     */
    public record Fence(String token, Instant since, boolean holds) {
        /** Checks that nothing is missing. */
        public Fence {
            requireNonNull(token, "token");
            requireNonNull(since, "since");
        }
    }

    /** What was found before a move of an instance to a version; null if nobody looked. */
    @Nullable
    Preflight preflight(Observation.Instance source, PostgresVersion target) {
        Preflight preflight = preflights.get(source.id());
        return preflight != null && preflight.target().equals(target) ? preflight : null;
    }

    /**
     * What became of an instance that the application has left.
     *
     * @param lost what reached it after the snapshot of the backup that the application went on with, counted once that had moved;
     *     null if it was not counted
     * @param whyNotMeasured why not, as a sentence; null if it was
     * @param sessions who is still connected to it, each in a few words; null if that is not known
     */
    public record Retired(
            @Nullable WrittenSince lost,
            @Nullable String whyNotMeasured,
            @Nullable List<String> sessions) {
        /** Copies the list, and checks that nothing counts as measured that was not. */
        public Retired {
            if ((lost == null) == (whyNotMeasured == null)) {
                throw new IllegalArgumentException("either something was measured, or there is a reason why not");
            }
            sessions = sessions == null ? null : List.copyOf(sessions);
        }

        /** Nothing is known of it. */
        public static Retired unknown(String whyNotMeasured) {
            return new Retired(null, whyNotMeasured, null);
        }

        /** Whether nothing is known to be lost, and nobody to be connected: there is nothing to tell, but perhaps that nobody knows. */
        public boolean isClear() {
            return (lost == null || lost.none()) && (sessions == null || sessions.isEmpty());
        }

        /** Says it in a line for people. */
        public String describe() {
            String writes = lost == null
                    ? "Lost writes: not measured. " + whyNotMeasured
                    : "Lost writes: " + (lost.none() ? "none. Measured: " : "measured. ") + lost + ".";
            return writes
                    + (sessions == null || sessions.isEmpty()
                            ? ""
                            : " Still connected to the old database: " + String.join(", ", sessions) + ".");
        }
    }

    /** The fence around an instance, whether it holds or not; null if there is none. */
    @Nullable
    Fence fence(Observation.Instance instance) {
        return fences.get(instance.id());
    }

    /** Whether a fence around an instance is up and holds. */
    boolean isFenced(Observation.Instance instance) {
        Fence fence = fence(instance);
        return fence != null && fence.holds();
    }

    /** Whether the data that a restore brought was compared at least as thoroughly as asked for. */
    boolean isVerified(Observation.Restore restore, Verification wanted) {
        return wanted == Verification.NONE
                || verified.getOrDefault(restore.id(), Verification.NONE).compareTo(wanted) >= 0;
    }
}
