package io.github.divio4j.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.squareup.moshi.Moshi;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import okhttp3.ResponseBody;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import retrofit2.Retrofit;

/** A client looks at an API interface when it is first used, and only at the method that is called; here are all of them. */
class ApiInterfacesTest {
    private final Moshi moshi = new Moshi.Builder()
            .add(new LenientAdapters(new Redaction("token")))
            .add(new RecordAdapter.Factory())
            .build();

    static List<Class<?>> apis() throws Exception {
        Path folder = Path.of(Transport.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .resolve(Transport.class.getPackageName().replace('.', '/'));
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("Api.class"))
                    .<Class<?>>map(name -> type(name.substring(0, name.length() - ".class".length())))
                    .toList();
        }
    }

    private static Class<?> type(String name) {
        try {
            return Class.forName(Transport.class.getPackageName() + "." + name);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void thereAreSome() throws Exception {
        assertThat(apis()).contains(EnvironmentsApi.class, RawApi.class);
    }

    @ParameterizedTest
    @MethodSource("apis")
    void everyMethodIsOneThatRetrofitUnderstands(Class<?> api) {
        assertThat(new Retrofit.Builder()
                        .baseUrl("http://127.0.0.1/")
                        .addCallAdapterFactory(new Call.Factory())
                        .addConverterFactory(new JsonConverters(moshi, 1_000))
                        .validateEagerly(true)
                        .build()
                        .create(api))
                .isNotNull();
    }

    @ParameterizedTest
    @MethodSource("apis")
    void noMethodReadsWithoutABound(Class<?> api) {
        for (Method method : api.getMethods()) {
            assertThat(method.getGenericReturnType().getTypeName())
                    .as(method.toString())
                    .startsWith(Call.class.getName())
                    .doesNotContain(ResponseBody.class.getName());
        }
    }
}
