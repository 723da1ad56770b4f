package io.github.divio4j.examples.sandbox;

import com.squareup.moshi.JsonReader;
import com.squareup.moshi.JsonWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * JSON as maps, lists, strings, numbers, booleans and null.
 *
 * <p>Moshi's own adapter for {@code Object} reads each number as a double, which rounds integers above 2^53; here an
 * integer stays one.
 */
final class Json {
    private Json() {}

    /** Thrown when a text is not one JSON document. */
    static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    static @Nullable Object parse(byte[] utf8) throws MalformedException {
        JsonReader reader = JsonReader.of(new Buffer().write(utf8));
        try {
            Object value = readValue(reader);
            if (reader.peek() != JsonReader.Token.END_DOCUMENT) {
                throw new IOException("Extra data after the document");
            }
            return value;
        } catch (IOException | RuntimeException e) {
            throw new MalformedException(String.valueOf(e.getMessage()), e);
        }
    }

    static byte[] write(@Nullable Object value) {
        Buffer buffer = new Buffer();
        try {
            JsonWriter writer = JsonWriter.of(buffer);
            writer.setSerializeNulls(true);
            writeValue(writer, value);
            writer.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return buffer.readByteArray();
    }

    static String text(@Nullable Object value) {
        return new String(write(value), StandardCharsets.UTF_8);
    }

    private static @Nullable Object readValue(JsonReader reader) throws IOException {
        switch (reader.peek()) {
            case BEGIN_OBJECT -> {
                Map<String, @Nullable Object> object = new LinkedHashMap<>();
                reader.beginObject();
                while (reader.hasNext()) {
                    object.put(reader.nextName(), readValue(reader));
                }
                reader.endObject();
                return object;
            }
            case BEGIN_ARRAY -> {
                List<@Nullable Object> array = new ArrayList<>();
                reader.beginArray();
                while (reader.hasNext()) {
                    array.add(readValue(reader));
                }
                reader.endArray();
                return array;
            }
            case STRING -> {
                return reader.nextString();
            }
            case BOOLEAN -> {
                return reader.nextBoolean();
            }
            case NULL -> {
                return reader.nextNull();
            }
            case NUMBER -> {
                return number(reader.nextString());
            }
            default -> throw new IOException("Expected a value at " + reader.getPath());
        }
    }

    private static Number number(String digits) {
        if (digits.matches("-?\\d+")) {
            BigInteger integer = new BigInteger(digits);
            return integer.bitLength() < Long.SIZE ? (Number) integer.longValueExact() : integer;
        }
        return new BigDecimal(digits);
    }

    private static void writeValue(JsonWriter writer, @Nullable Object value) throws IOException {
        if (value == null) {
            writer.nullValue();
        } else if (value instanceof Map<?, ?> map) {
            writer.beginObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                writer.name(String.valueOf(entry.getKey()));
                writeValue(writer, entry.getValue());
            }
            writer.endObject();
        } else if (value instanceof Iterable<?> items) {
            writer.beginArray();
            for (Object item : items) {
                writeValue(writer, item);
            }
            writer.endArray();
        } else if (value instanceof Boolean bool) {
            writer.value(bool);
        } else if (value instanceof Number number) {
            writer.value(number);
        } else {
            writer.value(value.toString());
        }
    }
}
