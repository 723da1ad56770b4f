package io.github.divio4j.upgrade.opentelemetry;

import static java.util.Objects.requireNonNull;

import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.run.RunListener;
import io.github.divio4j.upgrade.run.RunReport;
import io.github.divio4j.upgrade.run.StepOutcome;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Makes spans: {@code upgrade environment} for each environment in which something is done, from its first step to its end,
 * and in it one for each step, named by its kind, such as {@code back_up}. Each look at a step under way, and each wait, is an
 * event. Spans of what went wrong have the status ERROR with the message. Environments belong to the span that is current in
 * the thread that runs the upgrade.
 *
 * <p>Attributes: {@code divio.application}, {@code divio.environment}, {@code divio4j.step}, {@code divio4j.outcome} and
 * {@code divio4j.result}. A listener is for one run at a time.
 */
public final class OpenTelemetryListener implements RunListener {

    private static final AttributeKey<String> APPLICATION = AttributeKey.stringKey("divio.application");
    private static final AttributeKey<String> ENVIRONMENT = AttributeKey.stringKey("divio.environment");
    private static final AttributeKey<String> STEP = AttributeKey.stringKey("divio4j.step");
    private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("divio4j.outcome");
    private static final AttributeKey<String> RESULT = AttributeKey.stringKey("divio4j.result");
    private static final AttributeKey<String> STATE = AttributeKey.stringKey("divio4j.state");

    private final Tracer tracer;
    private final Map<EnvironmentRef, Span> environments = new HashMap<>();
    private final Map<EnvironmentRef, Span> steps = new HashMap<>();

    private OpenTelemetryListener(Tracer tracer) {
        this.tracer = tracer;
    }

    /** Makes a listener whose spans go where the caller's do. */
    public static OpenTelemetryListener of(OpenTelemetry telemetry) {
        return new OpenTelemetryListener(requireNonNull(telemetry, "telemetry").getTracer("io.github.divio4j.upgrade"));
    }

    @Override
    public void started(Step step) {
        EnvironmentRef environment = step.environment();
        endStep(environment, "not finished");
        Span whole = environments.computeIfAbsent(
                environment,
                e -> tracer.spanBuilder("upgrade environment")
                        .setAttribute(APPLICATION, e.application())
                        .setAttribute(ENVIRONMENT, e.slug())
                        .startSpan());
        steps.put(
                environment,
                tracer.spanBuilder(step.kind().name().toLowerCase(Locale.ROOT))
                        .setParent(Context.current().with(whole))
                        .setAttribute(APPLICATION, environment.application())
                        .setAttribute(ENVIRONMENT, environment.slug())
                        .setAttribute(STEP, step.id().text())
                        .startSpan());
    }

    @Override
    public void inProgress(Step step, StepOutcome.InProgress outcome, Duration elapsed) {
        Span span = steps.get(step.environment());
        if (span != null) {
            span.addEvent("look", Attributes.of(STATE, outcome.state()));
        }
    }

    @Override
    public void ended(Step step, StepOutcome outcome, Duration elapsed) {
        Span span = steps.get(step.environment());
        if (span != null && outcome instanceof StepOutcome.Failed failed) {
            span.setStatus(StatusCode.ERROR, failed.message());
            endStep(step.environment(), "failed");
        } else {
            endStep(step.environment(), outcome instanceof StepOutcome.AlreadyDone ? "already done" : "done");
        }
    }

    /** A step may give way without an end of its own. */
    private void endStep(EnvironmentRef environment, String outcome) {
        Span span = steps.remove(environment);
        if (span != null) {
            span.setAttribute(OUTCOME, outcome).end();
        }
    }

    @Override
    public void waiting(EnvironmentRef environment, String reason) {
        Span whole = environments.get(environment);
        if (whole != null) {
            whole.addEvent("waiting", Attributes.of(STATE, reason));
        }
    }

    @Override
    public void environmentEnded(RunReport.EnvironmentResult result) {
        endStep(result.environment(), "not finished");
        Span whole = environments.remove(result.environment());
        if (whole != null) {
            whole.setAttribute(RESULT, result.result().name().toLowerCase(Locale.ROOT));
            if (!result.result().isGood()) {
                whole.setStatus(StatusCode.ERROR, result.detail());
            }
            whole.end();
        }
    }
}
