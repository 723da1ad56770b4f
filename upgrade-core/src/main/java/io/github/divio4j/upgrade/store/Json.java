package io.github.divio4j.upgrade.store;

import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.JsonReader;
import com.squareup.moshi.JsonWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * A part of a JSON text that knows its place in it, so that what is wrong can be said with where it is. What is not asked
 * for is not looked at: unknown fields do no harm.
 */
final class Json {

    private final @Nullable Object value;
    private final String path;

    private Json(@Nullable Object value, String path) {
        this.value = value;
        this.path = path;
    }

    /** Reads a whole text. */
    static Json parse(String text) {
        try (JsonReader reader = JsonReader.of(new Buffer().writeUtf8(text))) {
            try {
                Json json = new Json(reader.readJsonValue(), "$");
                if (reader.peek() != JsonReader.Token.END_DOCUMENT) {
                    throw new Malformed("there is more behind the end of the JSON");
                }
                return json;
            } catch (IOException | JsonDataException e) {
                throw new Malformed("it is no JSON, or only a part of it: reading came to " + reader.getPath());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes maps, lists, texts, numbers, truth values and nulls. */
    static String write(Map<String, ?> fields, String indent) {
        Buffer buffer = new Buffer();
        try (JsonWriter writer = JsonWriter.of(buffer)) {
            writer.setIndent(indent);
            writer.setSerializeNulls(true);
            writer.jsonValue(fields);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return buffer.readUtf8();
    }

    /** The part under a name; one without a value if it is not there. */
    Json at(String name) {
        if (!(value instanceof Map<?, ?> fields)) {
            throw wrong("an object");
        }
        return new Json(fields.get(name), path + "." + name);
    }

    boolean isThere() {
        return value != null;
    }

    void ifThere(Consumer<Json> then) {
        if (isThere()) {
            then.accept(this);
        }
    }

    boolean isObject() {
        return value instanceof Map;
    }

    String text() {
        if (value instanceof String text) {
            return text;
        }
        throw wrong("a text");
    }

    @Nullable
    String textOrNull() {
        return value == null ? null : text();
    }

    int number() {
        if (value instanceof Number number && number.intValue() == number.doubleValue()) {
            return number.intValue();
        }
        throw wrong("a whole number");
    }

    boolean flag() {
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw wrong("true or false");
    }

    <E extends Enum<E>> E word(Class<E> of) {
        return read(text -> Enum.valueOf(of, text));
    }

    /** A text as something else. */
    <T> T read(Function<String, T> meaning) {
        String text = text();
        return make(() -> meaning.apply(text));
    }

    /** Makes something of the parts, and says where they are if that cannot be. */
    <T> T make(Made<T> made) {
        try {
            return made.of();
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new Malformed("what is at " + path + " is not known or cannot be: " + e.getMessage());
        }
    }

    /** Something made of parts. */
    interface Made<T> {
        T of();
    }

    /** The parts of a list; none if it is not there. */
    <T> List<T> list(Function<Json, T> part) {
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> items)) {
            throw wrong("a list");
        }
        List<T> parts = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            parts.add(part.apply(new Json(items.get(i), path + "[" + i + "]")));
        }
        return parts;
    }

    /** The texts of an object; none if it is not there. */
    Map<String, String> texts() {
        if (value == null) {
            return Map.of();
        }
        if (!(value instanceof Map<?, ?> fields)) {
            throw wrong("an object");
        }
        Map<String, String> texts = new TreeMap<>();
        fields.keySet()
                .forEach(name -> texts.put((String) name, at((String) name).text()));
        return texts;
    }

    private Malformed wrong(String expected) {
        return new Malformed("at " + path + " there is " + (value == null ? "nothing" : "something else") + " where "
                + expected + " should be");
    }
}
