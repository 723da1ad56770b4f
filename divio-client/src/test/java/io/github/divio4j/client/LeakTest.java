package io.github.divio4j.client;

import static io.github.divio4j.client.Fixture.TOKEN;
import static io.github.divio4j.client.Fixture.json;
import static io.github.divio4j.client.Fixture.status;
import static org.assertj.core.api.Assertions.assertThat;

import com.squareup.moshi.JsonAdapter;
import com.squareup.moshi.Moshi;
import io.github.divio4j.client.error.ApiCall;
import io.github.divio4j.client.error.ErrorDetails;
import io.github.divio4j.client.model.NewApplication;
import io.github.divio4j.client.model.NewBackup;
import io.github.divio4j.client.model.NewRestore;
import io.github.divio4j.client.model.ServiceInstanceDownload;
import io.github.divio4j.client.model.UploadPart;
import io.github.divio4j.client.wait.Pace;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * The platform puts secrets wherever it may, everything is called and everything goes wrong: no public type, no failure, no log line and no
 * name of a thread shows one of them.
 */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LeakTest {
    private static final String DSN = "postgres://app:hunter2@db.example:5432/db";
    private static final String SIGNED = "https://s.example/f?X-Amz-Signature=hunter2&sig=hunter2";
    private static final String ALL = TOKEN + " " + DSN + " " + SIGNED;

    /** What the platform fills with text of its own or of a user, or with a secret by design. */
    private static final Map<String, String> SECRETS = Map.of(
            "notes", DSN + " " + SIGNED,
            "status", DSN + " " + SIGNED,
            "errors", ALL,
            "value", ALL,
            "message", ALL,
            "logs", ALL,
            "dsn", DSN,
            "download_url", SIGNED,
            "finish_url", SIGNED);

    private final JsonAdapter<Object> json = new Moshi.Builder().build().adapter(Object.class);
    private final Set<Class<?>> shown = new HashSet<>();
    private final List<String> texts = new ArrayList<>();
    private final Queue<String> log = new ConcurrentLinkedQueue<>();
    private final Set<String> threads = ConcurrentHashMap.newKeySet();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            // Threads of the client's connections still log while the tests read.
            // The server of the test tells what it is asked; it is no part of the client.
            if (line.getLoggerName() == null || !line.getLoggerName().startsWith("mockwebserver3")) {
                log.add(line.getLoggerName() + ": " + line.getMessage()
                        + List.of(line.getParameters() == null ? new Object[0] : line.getParameters())
                        + (line.getThrown() == null ? "" : printed(line.getThrown())));
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private final Logger root = Logger.getLogger("");
    private final @Nullable Level before = root.getLevel();

    private Fixture fixture() {
        OkHttpClient sampling = new OkHttpClient.Builder()
                .addNetworkInterceptor(chain -> {
                    Thread.getAllStackTraces().keySet().forEach(thread -> threads.add(thread.getName()));
                    return chain.proceed(chain.request());
                })
                .build();
        return new Fixture(builder -> builder.okHttpClient(sampling).maxAttempts(1));
    }

    @AfterAll
    void stopListening() {
        root.removeHandler(handler);
        root.setLevel(before);
    }

    @BeforeAll
    void doEverything() throws IOException {
        root.setLevel(Level.ALL);
        root.addHandler(handler);
        try (Fixture api = fixture()) {
            for (Calls call : Calls.values()) {
                api.answers(json(withSecrets(call.answer)));
                show(call.make(api.divio));
            }
            facesAndBuilders(api);
            for (MockResponse answer : badAnswers()) {
                api.answers(answer);
                fails(() -> api.divio.backups().list("e").toList());
                api.answers(answer);
                fails(() -> api.divio.environments().copy("e", "s"));
            }
            waits(api);
            transfers(api);
        }
    }

    private String withSecrets(String answer) throws IOException {
        return json.toJson(withSecrets(json.fromJson(answer)));
    }

    private static @Nullable Object withSecrets(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(LeakTest::withSecrets).toList();
        }
        if (!(value instanceof Map<?, ?> map)) {
            return value;
        }
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        map.forEach((name, field) -> fields.put(String.valueOf(name), withSecrets(field)));
        boolean objects = !map.isEmpty() && map.values().stream().allMatch(field -> field instanceof Map<?, ?>);
        if (!objects) {
            fields.putAll(SECRETS);
        }
        return fields;
    }

    private static List<MockResponse> badAnswers() {
        String echo = """
                {"detail": "ALL", "prefix": ["ALL"], "TOKEN": ["x"], "non_field_errors": ["ALL"], "services": [{"a": "ALL"}]}""".replace("ALL", ALL).replace("TOKEN", TOKEN);
        return Stream.concat(
                        Stream.of(302, 400, 401, 403, 404, 408, 409, 418, 422, 429, 500, 503)
                                .flatMap(code -> Stream.of(status(code, echo), status(code, "<html>" + ALL))),
                        Stream.of(
                                json("{'results': [{'uuid': 5, 'notes': '" + ALL + "'}], 'next': '" + SIGNED + "'}"),
                                json("{'results': [{'uuid': 'x'}], 'next': '" + SIGNED + "'}"),
                                json("{'results': {'" + TOKEN + "': '" + ALL + "'}}"),
                                json("{'results': [{'uuid': 'x', 'created_at': '" + ALL + "'}]}"),
                                json("<html>" + ALL),
                                json("\"" + ALL),
                                status(302, "Location", "https://" + TOKEN + ".example/?sig=hunter2"),
                                new MockResponse.Builder()
                                        .onResponseStart(new SocketEffect.CloseSocket())
                                        .build()))
                .toList();
    }

    private void facesAndBuilders(Fixture api) {
        show(api.divio);
        show(api.divio.regions().list());
        show(api.divio.waiters().backup("b"));
        show(new Pace(api.time, () -> 0));
        show(DivioClient.builder().token(TOKEN).baseUrl(api.server.url("/").toString()));
        show(Credentials.firstOf(Credentials.token(TOKEN), Credentials.fromNetrc()));
        show(new ApiCall("GET", "/apps/v3/backups/", 1));
        NewApplication.Builder application = NewApplication.builder()
                .name("n")
                .slug("s")
                .organisation("o")
                .planGroup("p")
                .region("r");
        NewBackup.Builder backup = NewBackup.builder("e", List.of("i")).notes(ALL);
        NewRestore.Builder restore = NewRestore.builder("b").into("i", "p").notes(ALL);
        Stream.of(application, backup, restore).forEach(this::show);
        Stream.of(application.build(), backup.build(), restore.build()).forEach(this::show);
        show(restore.build().parts());
        show(api.divio.contract().verify());
    }

    private void waits(Fixture api) {
        String failed = "{'uuid': 'x', 'state': 'COMPLETED', 'success': 'FAILURE', 'finished': true,"
                + " 'ended_at': '2026-03-01T12:00:00Z', 'service_instance_backups': ['p'], 'status': '" + ALL
                + "', 'errors': ['" + ALL + "'], 'download_url': '" + SIGNED + "'}";
        String going = "{'uuid': 'x', 'status': '" + DSN + "'}";
        api.answers(failed, failed);
        fails(() -> api.divio.waiters().backup("x").onPoll(this::show).within(Duration.ofMinutes(1)));
        api.answers(failed);
        fails(() -> api.divio.waiters().restore("x").onPoll(this::show).within(Duration.ofMinutes(1)));
        api.answers(failed);
        fails(() -> api.divio.waiters().download("x").onPoll(this::show).within(Duration.ofMinutes(1)));
        api.answers(going);
        fails(() -> api.divio.waiters().deployment("x").onPoll(this::show).within(Duration.ZERO));
        api.answers(going);
        fails(() -> api.divio
                .waiters()
                .deployment("x")
                .onPoll(poll -> Thread.currentThread().interrupt())
                .within(Duration.ofMinutes(1)));
        assertThat(Thread.interrupted()).isTrue();
    }

    private void transfers(Fixture api) {
        String url = api.server.url("/file?X-Amz-Signature=hunter2&sig=hunter2").toString();
        UploadPart upload = new UploadPart("i", "exo-presigned-v1", url, Map.of("url", url));
        List<MockResponse> answers = List.of(
                status(403, "<Error><Code>SignatureDoesNotMatch</Code><Signature>hunter2</Signature></Error>"),
                status(302, "Location", SIGNED),
                new MockResponse.Builder()
                        .onResponseStart(new SocketEffect.CloseSocket())
                        .build());
        for (MockResponse answer : answers) {
            api.answers(answer);
            fails(() -> api.divio.files().download(download(url), OutputStream.nullOutputStream(), (b, t) -> {}));
            api.answers(answer);
            fails(() -> api.divio.files().upload(upload, new ByteArrayInputStream(new byte[5]), 5, (b, t) -> {}));
            api.answers(answer);
            fails(() -> api.divio.files().finish(upload));
        }
        for (String bad : List.of("http://files.example/?sig=hunter2", "hunter2", "file:///hunter2")) {
            fails(() -> api.divio.files().download(download(bad), OutputStream.nullOutputStream(), (b, t) -> {}));
        }
        fails(() -> Credentials.token(TOKEN + "\n"));
        fails(() -> DivioClient.builder()
                .token("t")
                .baseUrl("https://me:hunter2@api.divio.com")
                .build());
    }

    private static ServiceInstanceDownload download(String url) {
        return new ServiceInstanceDownload("x", Instant.EPOCH, List.of(), url);
    }

    @FunctionalInterface
    private interface Action {
        void run() throws Exception;
    }

    private void fails(Action action) {
        try {
            action.run();
        } catch (Exception e) {
            show(e);
            return;
        }
        throw new AssertionError("it was expected to fail");
    }

    private static String printed(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    /** Notes what a value shows of itself and of what can be reached from it. Strings are data: their reader asked for them. */
    private void show(@Nullable Object value) {
        if (value instanceof Optional<?> optional) {
            optional.ifPresent(this::show);
        } else if (value instanceof List<?> list) {
            list.forEach(this::show);
        } else if (value != null && value.getClass().getName().startsWith("io.github.divio4j.client.")) {
            shown.add(value.getClass());
            texts.add(value.getClass().getName() + ": " + value);
            parts(value).forEach(this::show);
        }
        if (value instanceof Throwable failure) {
            texts.add(printed(failure));
        }
    }

    private List<@Nullable Object> parts(Object value) {
        List<@Nullable Object> parts = new ArrayList<>();
        try {
            if (value instanceof Record) {
                for (RecordComponent component : value.getClass().getRecordComponents()) {
                    parts.add(component.getAccessor().invoke(value));
                }
            } else if (value instanceof DivioClient || value instanceof Throwable) {
                for (Method method : value.getClass().getMethods()) {
                    boolean ours = method.getDeclaringClass().getName().startsWith("io.github.divio4j");
                    if (ours && method.getParameterCount() == 0 && !Modifier.isStatic(method.getModifiers())) {
                        if (!Set.of("close", "me").contains(method.getName())) {
                            Object part = method.invoke(value);
                            parts.add(part);
                            // What a failure says in parts is shown to people as its message is.
                            texts.add(value.getClass().getName() + "." + method.getName() + ": " + part);
                        }
                    }
                }
            }
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
        return parts;
    }

    private static void checkClean(Collection<String> lines) {
        assertThat(lines).isNotEmpty();
        // States are shown in upper case.
        assertThat(lines.stream()
                        .filter(line -> line.toLowerCase(Locale.ROOT).contains("hunter2")
                                || line.toLowerCase(Locale.ROOT).contains(TOKEN)))
                .isEmpty();
    }

    @Test
    void nothingShowsASecret() {
        checkClean(texts);
    }

    @Test
    void noLogLineShowsASecret() {
        checkClean(log);
    }

    @Test
    void noThreadIsNamedAfterASecret() {
        checkClean(threads);
    }

    @Test
    void everyPublicTypeWasShown() throws IOException, URISyntaxException, ClassNotFoundException {
        Path classes = Path.of(DivioClient.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<Class<?>> types = new ArrayList<>();
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".class")).toList()) {
                String name =
                        classes.relativize(file).toString().replace('/', '.').replaceAll("\\.class$", "");
                if (name.matches("io\\.github\\.divio4j\\.client(\\.(error|model|wait))?\\.[A-Z].*")) {
                    types.add(Class.forName(name));
                }
            }
        }
        assertThat(types).hasSizeGreaterThan(100).contains(ErrorDetails.class, DivioClient.Builder.class);
        types.removeIf(type -> !reachable(type)
                || type.isInterface()
                // The names of constants are in the source.
                || type.isEnum()
                || Modifier.isAbstract(type.getModifiers()));
        assertThat(shown).containsAll(types);
    }

    private static boolean reachable(Class<?> type) {
        return Modifier.isPublic(type.getModifiers())
                && (type.getEnclosingClass() == null || reachable(type.getEnclosingClass()));
    }
}
