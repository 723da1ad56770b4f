package io.github.divio4j.examples.sandbox;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A JSON object under construction; its fields keep the order they were put in. */
final class JsonObject {
    private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();

    JsonObject put(String name, @Nullable Object value) {
        fields.put(name, value instanceof Instant instant ? timestamp(instant) : value);
        return this;
    }

    Map<String, @Nullable Object> fields() {
        return fields;
    }

    /** Microseconds, as Python has them, so that a client never sees more digits here than from the platform. */
    static String timestamp(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MICROS).toString();
    }
}
