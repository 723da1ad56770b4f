package io.github.divio4j.client.internal;

import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.Moshi;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.RetryPolicy;
import dev.failsafe.function.CheckedSupplier;
import io.github.divio4j.client.error.ApiCall;
import io.github.divio4j.client.error.Delivery;
import io.github.divio4j.client.error.DivioApiException;
import io.github.divio4j.client.error.DivioAuthenticationException;
import io.github.divio4j.client.error.DivioConflictException;
import io.github.divio4j.client.error.DivioException;
import io.github.divio4j.client.error.DivioNotFoundException;
import io.github.divio4j.client.error.DivioProtocolException;
import io.github.divio4j.client.error.DivioRateLimitedException;
import io.github.divio4j.client.error.DivioServerException;
import io.github.divio4j.client.error.DivioTransportException;
import io.github.divio4j.client.error.DivioUnexpectedStatusException;
import io.github.divio4j.client.error.DivioValidationException;
import io.github.divio4j.client.error.ErrorDetails;
import io.github.divio4j.client.internal.wire.WirePage;
import io.github.divio4j.client.wait.TimeSource;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import okhttp3.Authenticator;
import okhttp3.Dispatcher;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okio.Buffer;
import org.jspecify.annotations.Nullable;
import retrofit2.Retrofit;

/** Makes calls: as often as the retry table allows, with an answer that fits or an exception that says what is known. */
public final class Transport implements AutoCloseable {
    private static final int PROBLEM_LENGTH = 300;

    private final Origin origin;
    private final TimeSource time;
    private final RetryRules rules;
    private final Redaction redaction;
    private final Moshi moshi;
    private final ErrorBody errorBody;
    private final OkHttpClient http;
    private final OkHttpClient bodiless;
    private final boolean ownsConnections;
    private final OkHttpClient plain;
    private final boolean plainHttpAllowed;
    private @Nullable FileTransport files;
    private final Throttle throttle;
    private final Retrofit retrofit;
    private final int maxPages;
    private final Map<Class<?>, Object> apis = new ConcurrentHashMap<>();
    private final LongAdder attempts = new LongAdder();
    private final LongAdder throttled = new LongAdder();
    private volatile boolean closed;

    /** Creates one; makes no call. */
    public Transport(TransportSettings settings) {
        this.origin = settings.origin();
        this.time = settings.time();
        this.rules = new RetryRules(settings);
        this.redaction = new Redaction(settings.token());
        this.moshi = new Moshi.Builder()
                .add(new LenientAdapters(redaction))
                .add(new RecordAdapter.Factory())
                .build();
        this.errorBody = new ErrorBody(moshi, redaction);
        this.ownsConnections = settings.base() == null;
        this.plain = plain(settings);
        this.http = plain.newBuilder()
                .callTimeout(settings.callTimeout())
                .addNetworkInterceptor(new ApiInterceptor(settings))
                .build();
        // A head without a body fits into the buffers of the system, so that no write waits, and a timer is dear.
        // The one of the whole call stays.
        this.bodiless = http.newBuilder().writeTimeout(Duration.ZERO).build();
        this.plainHttpAllowed = settings.plainHttpAllowed();
        this.throttle = new Throttle(settings.callsPerSecond(), settings.time());
        this.retrofit = new Retrofit.Builder()
                .baseUrl(origin.root())
                .callFactory(PreparedRequest::new)
                .addCallAdapterFactory(new Call.Factory())
                .addConverterFactory(new JsonConverters(moshi, settings.maxResponseBytes()))
                .build();
        this.maxPages = settings.maxPages();
    }

    private static OkHttpClient plain(TransportSettings settings) {
        OkHttpClient base = settings.base();
        return (base == null ? new OkHttpClient.Builder() : base.newBuilder())
                // Closing the client cancels its own calls, and none of the client it was derived from.
                .dispatcher(new Dispatcher())
                .authenticator(Authenticator.NONE)
                .followRedirects(false)
                .followSslRedirects(false)
                .retryOnConnectionFailure(false)
                .cache(null)
                .connectTimeout(settings.connectTimeout())
                .readTimeout(settings.readTimeout())
                .writeTimeout(settings.writeTimeout())
                // A file may take as long as it takes.
                .callTimeout(Duration.ZERO)
                .build();
    }

    /** Returns the calls of one part of the API. */
    public <A> A api(Class<A> type) {
        Object known = apis.get(type);
        return type.cast(known != null ? known : apis.computeIfAbsent(type, retrofit::create));
    }

    /** Returns what moves files. */
    public synchronized FileTransport files() {
        if (files == null) {
            files = new FileTransport(
                    plain.newBuilder().addNetworkInterceptor(new SendWitness()).build(), this, plainHttpAllowed);
        }
        return files;
    }

    /** Returns how many attempts of calls were made. */
    public long attempts() {
        return attempts.sum();
    }

    /** Returns how many attempts were answered with 429. */
    public long throttled() {
        return throttled.sum();
    }

    void checkOpen() {
        if (closed) {
            throw new IllegalStateException("this DivioClient is closed");
        }
    }

    /** Makes a call and maps its answer. */
    public <W, T> T one(Call<W> call, Function<W, T> mapper) {
        return make(call).map(mapper);
    }

    /** Makes a call of whose answer only the status counts. */
    public void run(Call<?> call) {
        make(call);
    }

    /**
     * Makes a call whose answer may be anything: returns what can be read from it, or empty.
     *
     * @param type the class of the answer
     * @param mapper may throw {@link MalformedAnswerException}
     */
    public <W, T> Optional<T> oneIfGiven(Call<Buffer> call, Class<W> type, Function<W, T> mapper) {
        Buffer body = make(call).body();
        if (body == null) {
            return Optional.empty();
        }
        try {
            W wire = moshi.adapter(type).fromJson(body);
            return wire == null ? Optional.empty() : Optional.of(mapper.apply(wire));
        } catch (IOException | JsonDataException | MalformedAnswerException e) {
            // It is in memory, so that none of these can be the network.
            return Optional.empty();
        }
    }

    /**
     * Reads what is at a path, whatever its form.
     *
     * @param method GET or OPTIONS
     */
    public Raw read(String method, String path) {
        RawApi raw = api(RawApi.class);
        Done<Buffer> done = make(method.equals("GET") ? raw.get(path) : raw.options(path));
        Set<String> allowed = new TreeSet<>();
        for (String header : done.headers().values("Allow")) {
            for (String name : header.split(",", -1)) {
                if (!name.isBlank()) {
                    allowed.add(name.strip().toUpperCase(Locale.ROOT));
                }
            }
        }
        Buffer body = done.body();
        Object json;
        try {
            json = body == null ? null : moshi.adapter(Object.class).fromJson(body);
        } catch (IOException | JsonDataException e) {
            json = null;
        }
        return new Raw(allowed, json);
    }

    /**
     * An answer of any form.
     *
     * @param allowed the methods that it allows
     * @param json its body, or null when it is no JSON
     */
    public record Raw(Set<String> allowed, @Nullable Object json) {}

    /**
     * Walks through all pages of a list, fetching each when its first row is asked for.
     *
     * @param first the call of the first page; made anew for every walk
     * @param next makes the call of a later page from its URL
     * @param mapper maps a row; null leaves it out
     */
    public <W, T> Iterator<T> walk(
            Call<WirePage<W>> first, Function<String, Call<WirePage<W>>> next, Function<W, @Nullable T> mapper) {
        return new Walk<>(first, next, mapper);
    }

    /**
     * Returns a URL that the API gave, in the form in which it can be called with the token.
     *
     * @throws IllegalArgumentException when there is none, or it is not on the origin of the API
     */
    public String own(@Nullable String link) {
        HttpUrl url = link == null ? null : origin.follow(link);
        if (url == null) {
            throw new IllegalArgumentException("there is no next page on the origin of the API");
        }
        return url.toString();
    }

    /** Returns the exception for a search without result. */
    public DivioNotFoundException notFound(String path, String searched) {
        return new DivioNotFoundException(new ApiCall("GET", path, 1), searched);
    }

    /** Returns the exception for a search with more than one result. */
    public DivioProtocolException ambiguous(String path, String searched) {
        return new DivioProtocolException(new ApiCall("GET", path, 1), "it holds more than one " + searched);
    }

    /** Cancels running calls and closes connections; later calls fail. Can be called several times. */
    @Override
    public void close() {
        closed = true;
        http.dispatcher().cancelAll();
        if (ownsConnections) {
            http.connectionPool().evictAll();
        }
    }

    private <W> Done<W> make(Call<W> call) {
        Run<W> run = new Run<>(call);
        Attempt<W> last = run.get();
        if (last.repeated()) {
            last = Repetition.EXECUTOR.get(run);
        }
        Call.Answer<W> answer = last.answer();
        if (answer != null) {
            boolean gone = run.method.equals("DELETE") && run.started > 1 && answer.status() == 404;
            if (answer.good() || gone) {
                return new Done<>(run, answer.body(), answer.headers(), redaction);
            }
            throw refused(run.made(), answer.status(), errorBody.read(answer.error()), answer.headers());
        }
        ApiCall made = run.made();
        IOException failure = last.failure();
        if (failure == null) {
            throw malformed(made, String.valueOf(last.malformed()), redaction);
        }
        if (failure instanceof AnswerTooLargeException) {
            throw malformed(made, String.valueOf(failure.getMessage()), redaction);
        }
        boolean interrupted = Thread.currentThread().isInterrupted();
        throw failure instanceof NotSentException notSent
                ? new DivioTransportException(made, Delivery.NOT_SENT, interrupted, notSent.reason())
                : new DivioTransportException(made, Delivery.UNKNOWN, interrupted, failure);
    }

    DivioApiException refused(ApiCall call, int status, @Nullable String detail, Headers headers) {
        return refused(call, status, new ErrorDetails(Map.of(), List.of(), detail, ""), headers);
    }

    private DivioApiException refused(ApiCall call, int status, ErrorDetails errors, Headers headers) {
        String requestId = headers.get("X-Request-Id");
        return switch (status) {
            case 400, 422 -> new DivioValidationException(call, status, errors, requestId);
            case 401, 403 -> new DivioAuthenticationException(call, status, errors, requestId);
            case 404 -> new DivioNotFoundException(call, errors, requestId);
            case 409 -> new DivioConflictException(call, status, errors, requestId);
            case 429 -> new DivioRateLimitedException(call, errors, requestId, rules.retryAfter(headers));
            default ->
                status >= 500
                        ? new DivioServerException(call, status, errors, requestId)
                        : new DivioUnexpectedStatusException(call, status, errors, requestId);
        };
    }

    private static DivioProtocolException malformed(ApiCall call, String problem, Redaction redaction) {
        String clean = redaction.clean(problem);
        return new DivioProtocolException(
                call, clean.length() <= PROBLEM_LENGTH ? clean : clean.substring(0, PROBLEM_LENGTH) + "...");
    }

    /** What repeats attempts; a class of its own, because most programs never need it. */
    private static final class Repetition {
        // The rules decide, and the attempt itself waits: Failsafe would wait in real time, also in a test.
        static final FailsafeExecutor<Attempt<?>> EXECUTOR = Failsafe.with(RetryPolicy.<Attempt<?>>builder()
                .withMaxAttempts(-1)
                .handleResultIf(Attempt::repeated)
                .abortOn(Throwable.class)
                .build());
    }

    /** The attempts of one call. */
    private final class Run<W> implements CheckedSupplier<Attempt<W>> {
        private final Call<W> call;
        private final String method;
        private final Duration begin;
        private int started;
        private @Nullable Attempt<W> previous;

        Run(Call<W> call) {
            this.call = call;
            this.method = call.request().method();
            this.begin = time.elapsed();
        }

        /** Makes the next attempt. */
        @Override
        public Attempt<W> get() {
            Attempt<W> made = next();
            previous = made;
            return made;
        }

        private Attempt<W> next() {
            if (previous != null && previous.again() != null) {
                try {
                    time.sleep(previous.again());
                } catch (InterruptedException e) {
                    return interrupted();
                }
            }
            checkOpen();
            try {
                throttle.pass();
            } catch (InterruptedException e) {
                return interrupted();
            }
            Attempt<W> attempt = once();
            if (attempt.answer() != null && attempt.answer().status() == 429) {
                throttled.increment();
                throttle.close(rules.pause(attempt.answer().headers(), started));
            }
            if (attempt.good() || Thread.currentThread().isInterrupted()) {
                return attempt;
            }
            return attempt.again(
                    rules.delayAfter(method, attempt, started, time.elapsed().minus(begin)));
        }

        private Attempt<W> interrupted() {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted between attempts");
            return Attempt.failed(
                    previous == null || previous.failure() instanceof NotSentException
                            ? new NotSentException(interrupted)
                            : interrupted);
        }

        private Attempt<W> once() {
            started++;
            attempts.increment();
            try {
                return Attempt.answered(call.make(call.request().body() == null ? bodiless : http));
            } catch (MalformedAnswerException e) {
                return Attempt.malformed(String.valueOf(e.getMessage()));
            } catch (IOException e) {
                return Attempt.failed(e);
            }
        }

        ApiCall made() {
            return new ApiCall(method, call.request().url().encodedPath(), Math.max(started, 1));
        }
    }

    /** A call that was answered with a good status. */
    private record Done<W>(Run<W> run, @Nullable W body, Headers headers, Redaction redaction) {
        <T> T map(Function<W, T> mapper) {
            if (body == null) {
                throw problem("it has no body");
            }
            try {
                return mapper.apply(body);
            } catch (MalformedAnswerException e) {
                throw problem(String.valueOf(e.getMessage()));
            }
        }

        DivioException problem(String text) {
            return malformed(run.made(), text, redaction);
        }
    }

    /** The rows of all pages. */
    private final class Walk<W, T> implements Iterator<T> {
        private final Function<String, Call<WirePage<W>>> next;
        private final Function<W, @Nullable T> mapper;
        private final Set<HttpUrl> seen = new HashSet<>();
        private @Nullable Call<WirePage<W>> upcoming;
        private @Nullable Done<WirePage<W>> page;
        private List<W> rows = List.of();
        private int row;
        private @Nullable T ready;

        Walk(Call<WirePage<W>> first, Function<String, Call<WirePage<W>>> next, Function<W, @Nullable T> mapper) {
            this.upcoming = first;
            this.next = next;
            this.mapper = mapper;
        }

        @Override
        public boolean hasNext() {
            while (ready == null) {
                if (row < rows.size()) {
                    ready = mapped(rows.get(row), row);
                    row++;
                } else if (upcoming == null) {
                    return false;
                } else {
                    fetch(upcoming);
                }
            }
            return true;
        }

        @Override
        public T next() {
            if (!hasNext() || ready == null) {
                throw new NoSuchElementException();
            }
            T value = ready;
            ready = null;
            return value;
        }

        private @Nullable T mapped(@Nullable W wire, int index) {
            Done<WirePage<W>> from = page;
            if (from == null) {
                throw new IllegalStateException("a row without a page");
            }
            if (wire == null) {
                throw from.problem("results[" + index + "] is null");
            }
            try {
                return mapper.apply(wire);
            } catch (MalformedAnswerException e) {
                throw from.problem("results[" + index + "]." + e.getMessage());
            }
        }

        private void fetch(Call<WirePage<W>> call) {
            HttpUrl url = call.request().url();
            Done<WirePage<W>> fetched = make(call);
            WirePage<W> body = fetched.map(Function.identity());
            if (body.results() == null) {
                throw fetched.problem("results is missing");
            }
            seen.add(url);
            page = fetched;
            rows = body.results();
            row = 0;
            upcoming = following(fetched, body.next());
        }

        private @Nullable Call<WirePage<W>> following(Done<WirePage<W>> from, @Nullable String link) {
            if (link == null || link.isBlank()) {
                return null;
            }
            HttpUrl url = origin.follow(link);
            if (url == null) {
                HttpUrl foreign = HttpUrl.parse(link);
                throw from.problem("its next page is not on the origin of the API"
                        + (foreign == null ? "" : " but on " + foreign.scheme() + "://" + foreign.host()));
            }
            if (seen.contains(url)) {
                throw from.problem("its next page is one that was read before");
            }
            if (seen.size() >= maxPages) {
                throw from.problem("there are more than " + maxPages + " pages");
            }
            return next.apply(url.toString());
        }
    }
}
