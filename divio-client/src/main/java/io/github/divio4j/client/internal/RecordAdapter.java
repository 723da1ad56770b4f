package io.github.divio4j.client.internal;

import com.squareup.moshi.Json;
import com.squareup.moshi.JsonAdapter;
import com.squareup.moshi.JsonQualifier;
import com.squareup.moshi.JsonReader;
import com.squareup.moshi.JsonWriter;
import com.squareup.moshi.Moshi;
import com.squareup.moshi.Types;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes wire records. Moshi's own adapter for records binds the constructor anew for every value, which costs more than reading
 * the JSON, and uses method handles, which a new JVM has to compile first.
 */
final class RecordAdapter<R> extends JsonAdapter<R> {
    private final Constructor<R> constructor;
    private final JsonReader.Options names;
    private final Part[] parts;

    private record Part(String name, Method accessor, JsonAdapter<Object> adapter) {}

    private RecordAdapter(Constructor<R> constructor, Part[] parts) {
        this.constructor = constructor;
        this.parts = parts;
        String[] texts = new String[parts.length];
        for (int i = 0; i < parts.length; i++) {
            texts[i] = parts[i].name();
        }
        this.names = JsonReader.Options.of(texts);
    }

    /** Makes the adapters of all records. */
    static final class Factory implements JsonAdapter.Factory {
        @Override
        public @Nullable JsonAdapter<?> create(Type type, Set<? extends Annotation> annotations, Moshi moshi) {
            Class<?> raw = Types.getRawType(type);
            return raw.isRecord() && annotations.isEmpty() ? adapter(raw, arguments(raw, type), moshi) : null;
        }

        private static Map<TypeVariable<?>, Type> arguments(Class<?> raw, Type type) {
            Map<TypeVariable<?>, Type> arguments = new HashMap<>();
            if (type instanceof ParameterizedType parameterized) {
                for (int i = 0; i < raw.getTypeParameters().length; i++) {
                    arguments.put(raw.getTypeParameters()[i], parameterized.getActualTypeArguments()[i]);
                }
            }
            return arguments;
        }

        private static <R> JsonAdapter<R> adapter(Class<R> raw, Map<TypeVariable<?>, Type> arguments, Moshi moshi) {
            RecordComponent[] components = raw.getRecordComponents();
            Class<?>[] types = new Class<?>[components.length];
            Part[] parts = new Part[components.length];
            for (int i = 0; i < components.length; i++) {
                RecordComponent component = components[i];
                types[i] = component.getType();
                Json json = component.getAnnotation(Json.class);
                String name = json == null ? component.getName() : json.name();
                parts[i] = new Part(
                        name,
                        component.getAccessor(),
                        moshi.adapter(resolved(component.getGenericType(), arguments), qualifiers(component), name));
            }
            try {
                Constructor<R> constructor = raw.getDeclaredConstructor(types);
                // Not for its access: it is checked once, and not for every value.
                constructor.setAccessible(true);
                return new RecordAdapter<>(constructor, parts);
            } catch (NoSuchMethodException e) {
                throw new IllegalStateException("every record has this constructor", e);
            }
        }

        private static Type resolved(Type type, Map<TypeVariable<?>, Type> arguments) {
            if (type instanceof ParameterizedType parameterized) {
                Type[] inner = parameterized.getActualTypeArguments();
                for (int i = 0; i < inner.length; i++) {
                    inner[i] = resolved(inner[i], arguments);
                }
                return Types.newParameterizedType(parameterized.getRawType(), inner);
            }
            return type instanceof TypeVariable<?> ? arguments.getOrDefault(type, type) : type;
        }

        private static Set<Annotation> qualifiers(RecordComponent component) {
            Set<Annotation> qualifiers = new LinkedHashSet<>();
            for (Annotation annotation : component.getAnnotations()) {
                if (annotation.annotationType().isAnnotationPresent(JsonQualifier.class)) {
                    qualifiers.add(annotation);
                }
            }
            return qualifiers;
        }
    }

    @Override
    public @Nullable R fromJson(JsonReader reader) throws IOException {
        if (reader.peek() == JsonReader.Token.NULL) {
            return reader.nextNull();
        }
        @Nullable Object[] values = new @Nullable Object[parts.length];
        reader.beginObject();
        while (reader.hasNext()) {
            int index = reader.selectName(names);
            if (index == -1) {
                reader.skipName();
                reader.skipValue();
            } else {
                values[index] = parts[index].adapter().fromJson(reader);
            }
        }
        reader.endObject();
        try {
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a wire record is public and checks nothing", e);
        }
    }

    @Override
    public void toJson(JsonWriter writer, @Nullable R value) throws IOException {
        if (value == null) {
            writer.nullValue();
            return;
        }
        writer.beginObject();
        for (Part part : parts) {
            writer.name(part.name());
            try {
                part.adapter().toJson(writer, part.accessor().invoke(value));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("a wire record is public and checks nothing", e);
            }
        }
        writer.endObject();
    }
}
