package io.github.divio4j.upgrade.run;

import static java.util.Objects.requireNonNull;

import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.InstanceStatus;
import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.OperationState;
import io.github.divio4j.upgrade.Step;
import java.util.List;
import java.util.OptionalLong;

/** Adds to each look at the platform a look into the databases, except while the platform is at work. */
final class DatabaseObserver implements Observer {

    private final Observer platform;
    private final DatabaseWork databases;

    DatabaseObserver(Observer platform, DatabaseWork databases) {
        this.platform = requireNonNull(platform, "platform");
        this.databases = requireNonNull(databases, "databases");
    }

    @Override
    public List<EnvironmentRef> environments() {
        return platform.environments();
    }

    @Override
    public Observation observe(EnvironmentRef environment) {
        return look(platform.observe(environment));
    }

    /** An operation of the platform is looked at many times until it ends, and nothing else is done meanwhile. */
    @Override
    public Observation observe(EnvironmentRef environment, Observation before, Step step) {
        Observation seen = platform.observe(environment, before, step);
        return isAtWork(seen) ? seen.with(before.databases(), databases.unsupported(seen)) : look(seen);
    }

    private Observation look(Observation seen) {
        try {
            return seen.with(databases.look(seen), databases.unsupported(seen));
        } catch (ObservationException e) {
            throw e;
        } catch (RuntimeException e) {
            // Anything may be behind the interface: a database that cannot be reached must not end the run without a
            // report.
            throw new ObservationException("the databases of " + seen.environment(), e);
        }
    }

    private static boolean isAtWork(Observation seen) {
        return seen.isDeploying()
                || seen.instances().stream().anyMatch(i -> i.status() == InstanceStatus.PROVISIONING)
                || seen.backups().stream().anyMatch(b -> b.state() == OperationState.RUNNING)
                || seen.restores().stream().anyMatch(r -> r.state() == OperationState.RUNNING);
    }

    @Override
    public OptionalLong calls() {
        return platform.calls();
    }
}
