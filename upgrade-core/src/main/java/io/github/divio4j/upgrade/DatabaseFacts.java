package io.github.divio4j.upgrade;

import static java.util.Objects.requireNonNull;

import io.github.divio4j.upgrade.UpgradeSpec.Verification;
import java.time.Instant;
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
 * @param fencesStopApplication whether a fence stops the application itself, and not only what it writes to one instance: then it
 *     is lifted as soon as the application has moved. It must be told before there is a fence, too
 */
public record DatabaseFacts(
        Map<String, Fence> fences,
        Map<String, Verification> verified,
        Set<String> analyzed,
        boolean fencesStopApplication) {

    /** Nothing is known. */
    public static final DatabaseFacts NONE = new DatabaseFacts(Map.of(), Map.of(), Set.of());

    /** Facts of databases whose fences are around one instance each. */
    public DatabaseFacts(Map<String, Fence> fences, Map<String, Verification> verified, Set<String> analyzed) {
        this(fences, verified, analyzed, false);
    }

    /** Copies what could change. */
    public DatabaseFacts {
        fences = Map.copyOf(fences);
        verified = Map.copyOf(verified);
        analyzed = Set.copyOf(analyzed);
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
