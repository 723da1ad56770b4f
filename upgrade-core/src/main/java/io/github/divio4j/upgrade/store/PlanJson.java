package io.github.divio4j.upgrade.store;

import io.github.divio4j.upgrade.Blocker;
import io.github.divio4j.upgrade.EnvironmentPlan;
import io.github.divio4j.upgrade.EnvironmentPlan.Blocked;
import io.github.divio4j.upgrade.EnvironmentPlan.LeftAlone;
import io.github.divio4j.upgrade.EnvironmentPlan.Loss;
import io.github.divio4j.upgrade.EnvironmentPlan.Ready;
import io.github.divio4j.upgrade.EnvironmentPlan.UpToDate;
import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.InstanceStatus;
import io.github.divio4j.upgrade.OperationState;
import io.github.divio4j.upgrade.PostgresVersion;
import io.github.divio4j.upgrade.SavedPlan;
import io.github.divio4j.upgrade.SavedPlan.Planned;
import io.github.divio4j.upgrade.Sighting;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.UpgradePlan;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A saved plan as JSON, without what a file has around it. */
final class PlanJson {

    private PlanJson() {}

    static Map<String, Object> write(SavedPlan plan) {
        Map<String, Object> fields = new TreeMap<>();
        fields.put("goal", plan.goal().name());
        fields.put("spec", SpecJson.write(plan.spec()));
        fields.put(
                "environments",
                plan.environments().stream().map(PlanJson::environment).toList());
        return fields;
    }

    static SavedPlan read(Json json) {
        return new SavedPlan(
                json.at("goal").word(UpgradePlan.Goal.class),
                SpecJson.read(json.at("spec")),
                json.at("environments").list(PlanJson::environment));
    }

    // One environment

    private enum Result {
        READY,
        UP_TO_DATE,
        LEFT_ALONE,
        BLOCKED
    }

    private static Map<String, Object> environment(Planned planned) {
        EnvironmentPlan plan = planned.plan();
        Map<String, Object> fields = new TreeMap<>();
        fields.put("application", plan.environment().application());
        fields.put("id", plan.environment().id());
        fields.put("slug", plan.environment().slug());
        fields.put("seen", sighting(planned.seen()));
        fields.put("targetServiceId", planned.targetServiceId());
        if (plan instanceof Ready ready) {
            fields.put("result", Result.READY.name());
            fields.put("wave", ready.wave());
            fields.put("from", ready.from().toString());
            fields.put("to", ready.to().toString());
            fields.put("prefix", ready.prefix());
            fields.put("inCutover", ready.inCutover());
            fields.put("loss", loss(ready.loss()));
            fields.put("steps", ready.steps().stream().map(StepJson::write).toList());
        } else if (plan instanceof UpToDate upToDate) {
            fields.put("result", Result.UP_TO_DATE.name());
            fields.put("reason", upToDate.reason());
        } else if (plan instanceof Blocked blocked) {
            fields.put("result", Result.BLOCKED.name());
            fields.put(
                    "blockers",
                    blocked.blockers().stream().map(PlanJson::blocker).toList());
        } else {
            fields.put("result", Result.LEFT_ALONE.name());
        }
        return fields;
    }

    private static Planned environment(Json json) {
        EnvironmentRef ref = new EnvironmentRef(
                json.at("application").text(),
                json.at("id").text(),
                json.at("slug").text());
        EnvironmentPlan plan = switch (json.at("result").word(Result.class)) {
            case READY -> ready(json, ref);
            case UP_TO_DATE -> new UpToDate(ref, json.at("reason").text());
            case LEFT_ALONE -> new LeftAlone(ref);
            case BLOCKED -> {
                List<Blocker> blockers = json.at("blockers").list(b -> blocker(b, ref));
                yield json.make(() -> new Blocked(ref, blockers));
            }
        };
        return new Planned(
                plan, sighting(json.at("seen")), json.at("targetServiceId").textOrNull());
    }

    private static Ready ready(Json json, EnvironmentRef ref) {
        List<Step> steps = json.at("steps").list(s -> StepJson.read(s, ref));
        return json.make(() -> new Ready(
                ref,
                json.at("wave").number(),
                json.at("from").read(PostgresVersion::parse),
                json.at("to").read(PostgresVersion::parse),
                json.at("prefix").text(),
                json.at("inCutover").flag(),
                loss(json.at("loss")),
                steps));
    }

    private static Map<String, @Nullable Object> loss(Loss loss) {
        Map<String, @Nullable Object> fields = new TreeMap<>();
        fields.put("kind", loss.kind().name());
        fields.put("since", loss.since() == null ? null : loss.since().toString());
        return fields;
    }

    private static Loss loss(Json json) {
        Json since = json.at("since");
        return new Loss(
                json.at("kind").word(Loss.Kind.class), since.isThere() ? since.<Instant>read(Instant::parse) : null);
    }

    private static Map<String, Object> blocker(Blocker blocker) {
        Map<String, Object> fields = new TreeMap<>();
        fields.put("reason", blocker.reason().name());
        fields.put("message", blocker.message());
        fields.put("remedy", blocker.remedy());
        return fields;
    }

    private static Blocker blocker(Json json, EnvironmentRef ref) {
        return new Blocker(
                json.at("reason").word(Blocker.Reason.class),
                ref,
                json.at("message").text(),
                json.at("remedy").text());
    }

    // What was seen

    private static Map<String, @Nullable Object> sighting(Sighting seen) {
        Map<String, @Nullable Object> fields = new TreeMap<>();
        Sighting.Operation latest = seen.latestDeployment();
        fields.put(
                "databases", seen.databases().stream().map(PlanJson::database).toList());
        fields.put("latestDeployment", latest == null ? null : operation(latest));
        fields.put("backups", seen.backups().stream().map(PlanJson::operation).toList());
        fields.put("restores", seen.restores().stream().map(PlanJson::operation).toList());
        return fields;
    }

    private static Sighting sighting(Json json) {
        Json latest = json.at("latestDeployment");
        return new Sighting(
                json.at("databases").list(PlanJson::database),
                latest.isThere() ? operation(latest) : null,
                json.at("backups").list(PlanJson::operation),
                json.at("restores").list(PlanJson::operation));
    }

    private static Map<String, Object> database(Sighting.Database database) {
        Map<String, Object> fields = new TreeMap<>();
        fields.put("id", database.id());
        fields.put("serviceId", database.serviceId());
        fields.put("service", database.service());
        fields.put("prefix", database.prefix());
        fields.put("status", database.status().name());
        return fields;
    }

    private static Sighting.Database database(Json json) {
        return new Sighting.Database(
                json.at("id").text(),
                json.at("serviceId").text(),
                json.at("service").text(),
                json.at("prefix").text(),
                json.at("status").word(InstanceStatus.class));
    }

    private static Map<String, Object> operation(Sighting.Operation operation) {
        Map<String, Object> fields = new TreeMap<>();
        fields.put("id", operation.id());
        fields.put("state", operation.state().name());
        return fields;
    }

    private static Sighting.Operation operation(Json json) {
        return new Sighting.Operation(json.at("id").text(), json.at("state").word(OperationState.class));
    }
}
