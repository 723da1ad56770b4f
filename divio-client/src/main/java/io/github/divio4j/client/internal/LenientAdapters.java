package io.github.divio4j.client.internal;

import com.squareup.moshi.JsonAdapter;
import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.JsonReader;
import com.squareup.moshi.JsonWriter;
import com.squareup.moshi.Moshi;
import io.github.divio4j.client.internal.wire.Flag;
import io.github.divio4j.client.internal.wire.Names;
import io.github.divio4j.client.internal.wire.Reference;
import io.github.divio4j.client.internal.wire.References;
import io.github.divio4j.client.internal.wire.Texts;
import io.github.divio4j.client.internal.wire.WithNulls;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the parts of the API's JSON whose form has been seen to vary. */
final class LenientAdapters implements JsonAdapter.Factory {
    private static final JsonAdapter<String> REFERENCE = new ReadOnly<>() {
        @Override
        public @Nullable String fromJson(JsonReader reader) throws IOException {
            return reference(reader);
        }
    };
    private static final JsonAdapter<List<String>> REFERENCES = new ReadOnly<>() {
        @Override
        public @Nullable List<String> fromJson(JsonReader reader) throws IOException {
            if (reader.peek() == JsonReader.Token.NULL) {
                reader.nextNull();
                return null;
            }
            List<String> references = new ArrayList<>();
            reader.beginArray();
            while (reader.hasNext()) {
                String reference = reference(reader);
                if (reference == null) {
                    throw new JsonDataException("Expected an id but was null at path " + reader.getPath());
                }
                references.add(reference);
            }
            reader.endArray();
            return references;
        }
    };
    private static final JsonAdapter<List<String>> NAMES = new ReadOnly<>() {
        @Override
        public List<String> fromJson(JsonReader reader) throws IOException {
            return names(reader);
        }
    };
    private static final JsonAdapter<Boolean> FLAG = new ReadOnly<>() {
        @Override
        public @Nullable Boolean fromJson(JsonReader reader) throws IOException {
            return flag(reader);
        }
    };

    private final JsonAdapter<List<String>> texts;

    // What the platform says about a failure is shown to people, and quotes the DSN that it could not connect to.
    LenientAdapters(Redaction redaction) {
        this.texts = new ReadOnly<>() {
            @Override
            public List<String> fromJson(JsonReader reader) throws IOException {
                List<String> found = new ArrayList<>();
                collectTexts(reader, "", found);
                return found.stream().map(redaction::clean).toList();
            }
        };
    }

    @Override
    public @Nullable JsonAdapter<?> create(Type type, Set<? extends Annotation> annotations, Moshi moshi) {
        if (annotations.size() != 1) {
            return null;
        }
        Class<? extends Annotation> qualifier = annotations.iterator().next().annotationType();
        if (qualifier == Reference.class) {
            return REFERENCE;
        }
        if (qualifier == References.class) {
            return REFERENCES;
        }
        if (qualifier == Texts.class) {
            return texts;
        }
        if (qualifier == WithNulls.class) {
            return moshi.adapter(type).serializeNulls();
        }
        if (qualifier == Names.class) {
            return NAMES;
        }
        return qualifier == Flag.class ? FLAG : null;
    }

    private static @Nullable String reference(JsonReader reader) throws IOException {
        switch (reader.peek()) {
            case NULL -> {
                return reader.nextNull();
            }
            case BEGIN_OBJECT -> {
                String uuid = null;
                reader.beginObject();
                while (reader.hasNext()) {
                    if (reader.nextName().equals("uuid") && reader.peek() == JsonReader.Token.STRING) {
                        uuid = reader.nextString();
                    } else {
                        reader.skipValue();
                    }
                }
                reader.endObject();
                if (uuid == null) {
                    throw new JsonDataException("Expected a uuid in the object at path " + reader.getPath());
                }
                return uuid;
            }
            default -> {
                return reader.nextString();
            }
        }
    }

    private static void collectTexts(JsonReader reader, String label, List<String> texts) throws IOException {
        switch (reader.peek()) {
            case NULL -> reader.nextNull();
            case BEGIN_ARRAY -> {
                reader.beginArray();
                while (reader.hasNext()) {
                    collectTexts(reader, label, texts);
                }
                reader.endArray();
            }
            case BEGIN_OBJECT -> {
                reader.beginObject();
                while (reader.hasNext()) {
                    String name = reader.nextName();
                    collectTexts(reader, label.isEmpty() ? name : label + "." + name, texts);
                }
                reader.endObject();
            }
            case BOOLEAN -> {
                boolean value = reader.nextBoolean();
                // "errors": false says that there are none.
                if (value || !label.isEmpty()) {
                    texts.add(labelled(label, Boolean.toString(value)));
                }
            }
            default -> {
                String text = reader.nextString();
                if (!text.isBlank()) {
                    texts.add(labelled(label, text));
                }
            }
        }
    }

    private static String labelled(String label, String text) {
        return label.isEmpty() ? text : label + ": " + text;
    }

    private static List<String> names(JsonReader reader) throws IOException {
        List<String> names = new ArrayList<>();
        switch (reader.peek()) {
            case NULL -> reader.nextNull();
            case BEGIN_OBJECT -> {
                reader.beginObject();
                while (reader.hasNext()) {
                    names.add(reader.nextName());
                    reader.skipValue();
                }
                reader.endObject();
            }
            default -> {
                reader.beginArray();
                while (reader.hasNext()) {
                    names.add(name(reader));
                }
                reader.endArray();
            }
        }
        return names;
    }

    private static String name(JsonReader reader) throws IOException {
        if (reader.peek() != JsonReader.Token.BEGIN_OBJECT) {
            return reader.nextString();
        }
        String name = null;
        reader.beginObject();
        while (reader.hasNext()) {
            if (reader.nextName().equals("name") && reader.peek() == JsonReader.Token.STRING) {
                name = reader.nextString();
            } else {
                reader.skipValue();
            }
        }
        reader.endObject();
        if (name == null) {
            throw new JsonDataException("Expected a name in the object at path " + reader.getPath());
        }
        return name;
    }

    private static @Nullable Boolean flag(JsonReader reader) throws IOException {
        return switch (reader.peek()) {
            case NULL -> reader.nextNull();
            case BOOLEAN -> reader.nextBoolean();
            case NUMBER -> reader.nextDouble() != 0;
            // Only a word that says yes is a yes: a wrong "true" would end a wait too early.
            default ->
                switch (reader.nextString().strip().toUpperCase(Locale.ROOT)) {
                    case "TRUE", "SUCCESS", "YES" -> true;
                    default -> false;
                };
        };
    }

    /** An adapter for what is only ever received. */
    private abstract static class ReadOnly<T> extends JsonAdapter<T> {
        @Override
        public final void toJson(JsonWriter writer, @Nullable T value) {
            throw new UnsupportedOperationException("only received, never sent");
        }
    }
}
