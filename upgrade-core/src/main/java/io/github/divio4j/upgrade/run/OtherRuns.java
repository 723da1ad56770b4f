package io.github.divio4j.upgrade.run;

import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.OperationNote;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the notes of an environment's operations tell one run about other runs.
 *
 * <p>An operation of another run that was started after this run began shows that the other is alive. One of the two must
 * stop, and both must come to the same answer although each sees only notes: the younger stops as soon as the older has
 * left a sign of life that the younger can see. If the older has left none, the younger cannot know of it, so then it is
 * the older that stops.
 */
final class OtherRuns {

    private final String self;
    private final Instant began;
    /** Earlier runs of our own, which are dead. */
    private final Set<String> dead;

    private final List<Sign> signs;
    private final Set<String> overcome;

    private record Sign(String run, Instant at) {}

    OtherRuns(String self, Instant began, Set<String> dead, Observation seen) {
        this.self = self;
        this.began = began;
        this.dead = dead;
        this.signs = Stream.concat(
                        seen.backups().stream().flatMap(b -> sign(b.note(), b.startedAt())),
                        seen.restores().stream().flatMap(r -> sign(r.note(), r.startedAt())))
                .toList();
        this.overcome =
                notes(seen).flatMap(n -> Optional.ofNullable(n.over()).stream()).collect(Collectors.toSet());
    }

    private static Stream<OperationNote> notes(Observation seen) {
        return Stream.concat(
                seen.backups().stream().map(Observation.Backup::note),
                seen.restores().stream().map(Observation.Restore::note));
    }

    private static Stream<Sign> sign(OperationNote note, Instant at) {
        return Optional.ofNullable(note.run()).map(run -> new Sign(run, at)).stream();
    }

    /** The run that says in its notes that it has taken over from this one. */
    static Optional<String> successor(String self, Observation seen) {
        return notes(seen)
                .filter(n -> self.equals(n.over()))
                .flatMap(n -> Optional.ofNullable(n.run()).stream())
                .findFirst();
    }

    /** The newest run that left a note and is not this one. */
    Optional<String> newest() {
        return signs.stream().map(Sign::run).filter(r -> !r.equals(self)).max(String::compareTo);
    }

    /** The run that is alive and to which this one must give way. */
    Optional<String> mustGiveWayTo() {
        return signs.stream()
                .filter(s -> s.at().isAfter(began))
                .map(Sign::run)
                .filter(r -> !r.equals(self) && !dead.contains(r) && !overcome.contains(r))
                .filter(r -> r.compareTo(self) < 0 || !hasSeenUs(r))
                .findFirst();
    }

    private boolean hasSeenUs(String younger) {
        return RunId.began(younger)
                .filter(theirs -> signs.stream().anyMatch(s -> s.run().equals(self) && s.at().isAfter(theirs)))
                .isPresent();
    }
}
