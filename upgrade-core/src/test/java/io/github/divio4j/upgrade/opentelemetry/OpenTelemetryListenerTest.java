package io.github.divio4j.upgrade.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.InstanceStatus;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.run.UpgradeRunner;
import io.github.divio4j.upgrade.testing.SimulatedWorld;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OpenTelemetryListenerTest {

    private final SimulatedWorld world = SimulatedWorld.create("shop", "13", "15");
    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final OpenTelemetrySdk telemetry = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                    .build())
            .build();

    @AfterEach
    void close() {
        telemetry.close();
    }

    private UpgradeRunner.Builder runner() {
        EnvironmentRef live = world.addEnvironment("live");
        world.addPostgres(live, "13", "DEFAULT", InstanceStatus.ATTACHED);
        return UpgradeRunner.builder(world, world).timer(world).listener(OpenTelemetryListener.of(telemetry));
    }

    private SpanData span(String name) {
        List<SpanData> named = exporter.getFinishedSpanItems().stream()
                .filter(s -> s.getName().equals(name))
                .toList();
        assertThat(named).as(name).hasSize(1);
        return named.get(0);
    }

    private static String attribute(SpanData span, String name) {
        return String.valueOf(span.getAttributes().get(AttributeKey.stringKey(name)));
    }

    @Test
    void eachStepIsASpanInThatOfItsEnvironment() throws InterruptedException {
        runner().build().run(UpgradeSpec.to("15").build());

        SpanData environment = span("upgrade environment");
        assertThat(attribute(environment, "divio.application")).isEqualTo("shop");
        assertThat(attribute(environment, "divio.environment")).isEqualTo("live");
        assertThat(attribute(environment, "divio4j.result")).isEqualTo("upgraded");
        assertThat(exporter.getFinishedSpanItems())
                .hasSize(10)
                .filteredOn(s -> s != environment)
                .allSatisfy(s -> assertThat(s.getParentSpanId()).isEqualTo(environment.getSpanId()));
        assertThat(attribute(span("restore"), "divio4j.outcome")).isEqualTo("done");
        assertThat(attribute(span("restore"), "divio4j.step")).startsWith("shop/live/");
    }

    @Test
    void eachLookAtAStepUnderWayIsAnEvent() throws InterruptedException {
        runner().build().run(UpgradeSpec.to("15").build());

        assertThat(span("back_up").getEvents())
                .hasSizeGreaterThan(3)
                .allSatisfy(e -> assertThat(e.getName()).isEqualTo("look"));
    }

    @Test
    void whatFailsIsAnErrorWithItsMessage() throws InterruptedException {
        UpgradeRunner runner = runner().build();
        world.failNext(Step.Kind.RESTORE);
        runner.run(UpgradeSpec.to("15").build());

        assertThat(span("restore").getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(span("restore").getStatus().getDescription()).contains("restoring failed");
        assertThat(span("upgrade environment").getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(span("back_up").getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    }

    @Test
    void aStepThatTheRunDidNotSeeTheEndOfIsEndedAsNotFinished() throws InterruptedException {
        runner().runDeadline(Duration.ofSeconds(95))
                .build()
                .run(UpgradeSpec.to("15").build());

        assertThat(attribute(span("back_up"), "divio4j.outcome")).isEqualTo("not finished");
        assertThat(attribute(span("upgrade environment"), "divio4j.result")).isEqualTo("not_finished");
    }

    @Test
    void environmentsBelongToTheSpanOfTheCaller() throws InterruptedException {
        UpgradeRunner runner = runner().build();
        Span caller = telemetry.getTracer("test").spanBuilder("caller").startSpan();
        try (Scope scope = caller.makeCurrent()) {
            assertThat(scope).isNotNull();
            runner.run(UpgradeSpec.to("15").build());
        } finally {
            caller.end();
        }

        assertThat(span("caller").getParentSpanId()).isEqualTo(SpanId.getInvalid());
        assertThat(span("upgrade environment").getParentSpanId())
                .isEqualTo(span("caller").getSpanId());
    }
}
