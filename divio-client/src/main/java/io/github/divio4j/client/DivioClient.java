package io.github.divio4j.client;

import io.github.divio4j.client.internal.AccountsApi;
import io.github.divio4j.client.internal.FileTransport;
import io.github.divio4j.client.internal.Mapper;
import io.github.divio4j.client.internal.Origin;
import io.github.divio4j.client.internal.Transport;
import io.github.divio4j.client.internal.TransportSettings;
import io.github.divio4j.client.model.Account;
import io.github.divio4j.client.wait.Pace;
import io.github.divio4j.client.wait.TimeSource;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.UnaryOperator;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * A client of the Divio API.
 *
 * <p>One client per token is enough: it is safe for use by any number of threads, and shares its connections among them. Its calls block.
 * A call that does not give what it promises throws a {@link io.github.divio4j.client.error.DivioException}. Arguments must not be null
 * unless they say so.
 *
 * <p>The token is sent to the API's scheme, host and port only, never to a redirect's target or to a page elsewhere, and appears in no
 * exception and no {@code toString}.
 */
public final class DivioClient implements AutoCloseable {
    private final Origin origin;
    private final Transport transport;
    private final Pace pace;

    private DivioClient(TransportSettings settings) {
        this.pace = new Pace(settings.time(), settings.jitter());
        this.origin = settings.origin();
        this.transport = new Transport(settings);
    }

    /** Starts a client; only the credentials are required. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the calls of applications. */
    public Applications applications() {
        return new Applications(transport);
    }

    /** Returns the calls of environments. */
    public Environments environments() {
        return new Environments(transport);
    }

    /** Returns the calls of regions. */
    public Regions regions() {
        return new Regions(transport);
    }

    /** Returns the calls of the service catalogue. */
    public Services services() {
        return new Services(transport);
    }

    /** Returns the calls of services in environments. */
    public ServiceInstances serviceInstances() {
        return new ServiceInstances(transport);
    }

    /** Returns the calls of backups. */
    public Backups backups() {
        return new Backups(transport);
    }

    /** Returns the calls of the parts of backups. */
    public ServiceInstanceBackups serviceInstanceBackups() {
        return new ServiceInstanceBackups(transport);
    }

    /** Returns the calls of restores. */
    public Restores restores() {
        return new Restores(transport);
    }

    /** Returns the calls of downloads of backups. */
    public BackupDownloads backupDownloads() {
        return new BackupDownloads(transport);
    }

    /** Returns what moves the files of backups. */
    public FileTransfers files() {
        return new FileTransfers(transport.files(), FileTransport.AZURE_BLOCK);
    }

    /** Returns what compares the calls of this client with what the platform says that it has. */
    public Contract contract() {
        return new Contract(transport);
    }

    /** Returns what waits for operations of the platform. */
    public Waiters waiters() {
        return new Waiters(transport, pace);
    }

    /** Returns the calls of environment variables. */
    public EnvironmentVariables environmentVariables() {
        return new EnvironmentVariables(transport);
    }

    /** Returns the calls of uploads. */
    public Uploads uploads() {
        return new Uploads(transport);
    }

    /** Returns the calls of repositories. */
    public Repositories repositories() {
        return new Repositories(transport);
    }

    /** Returns the calls of templates of applications. */
    public AppTemplates appTemplates() {
        return new AppTemplates(transport);
    }

    /** Returns the calls of organisations. */
    public Organisations organisations() {
        return new Organisations(transport);
    }

    /** Returns the calls of plan groups. */
    public PlanGroups planGroups() {
        return new PlanGroups(transport);
    }

    /** Reads the account of the token: a cheap way to see whether the token works. Proven. */
    public Account me() {
        return transport.one(transport.api(AccountsApi.class).me(), Mapper::account);
    }

    /** Returns the calls of deployments. */
    public Deployments deployments() {
        return new Deployments(transport);
    }

    /**
     * Returns how many requests this client has sent to the API so far, repeated ones included; those for the bytes of files, which go
     * without the token, are not counted.
     */
    public long callsMade() {
        return transport.attempts();
    }

    /** Returns how many of {@link #callsMade()} the platform answered with 429: too many requests. */
    public long callsThrottled() {
        return transport.throttled();
    }

    /** Cancels the running calls of this client and closes its connections; later calls throw an {@link IllegalStateException}. */
    @Override
    public void close() {
        transport.close();
    }

    /** Names the API that is called. */
    @Override
    public String toString() {
        return "DivioClient[" + origin.root() + "]";
    }

    /**
     * Collects the settings of a client. Not safe for use by several threads.
     *
     * <p>Defaults: base URL {@code https://api.divio.com}; connecting 10 s, silence while reading or writing 30 s, one attempt 60 s, all
     * attempts and the waits between them 3 min; 5 attempts, 250 ms after the first and twice as long after each further one, at most 10 s,
     * each wait shortened at random by up to half; a {@code Retry-After} of up to 60 s is honoured; answers of up to 16 MiB; 100 calls
     * per second. Fixed bounds: JSON up to 255 levels deep, the first 64 KiB of an error answer, 10,000 pages of a list.
     */
    public static final class Builder {
        private static final Duration LONGEST = Duration.ofDays(1);

        private @Nullable Credentials credentials;
        private String baseUrl = "https://api.divio.com";
        private boolean plainHttpAllowed;
        private String userAgent = "divio4j";
        private Duration connectTimeout = Duration.ofSeconds(10);
        private Duration readTimeout = Duration.ofSeconds(30);
        private Duration writeTimeout = Duration.ofSeconds(30);
        private Duration callTimeout = Duration.ofSeconds(60);
        private Duration totalTimeout = Duration.ofMinutes(3);
        private int maxAttempts = 5;
        private Duration retryDelay = Duration.ofMillis(250);
        private Duration maxRetryDelay = Duration.ofSeconds(10);
        private Duration maxRetryAfter = Duration.ofSeconds(60);
        private long maxResponseBytes = 16L * 1024 * 1024;
        private int maxCallsPerSecond = 100;
        private TimeSource time = TimeSource.system();
        private DoubleSupplier jitter = () -> ThreadLocalRandom.current().nextDouble();
        private @Nullable OkHttpClient okHttpClient;

        private Builder() {}

        /** Sets where the token comes from. Required. Read once, by {@link #build()}. */
        public Builder credentials(Credentials credentials) {
            this.credentials = Objects.requireNonNull(credentials, "credentials");
            return this;
        }

        /**
         * Sets the API token, as the control panel shows it; short for {@link #credentials} with {@link Credentials#token(String)}.
         *
         * @throws IllegalArgumentException when it is empty or holds a space, a line break or a character outside ASCII; the message does
         *     not quote it
         */
        public Builder token(String token) {
            return credentials(Credentials.token(token));
        }

        /**
         * Sets the zone, which is how Divio names an installation of its platform. Default: {@code divio.com}. It takes the place of a
         * {@link #baseUrl(String) base URL} set before.
         *
         * <p>Proven by the official command line tool: the API of a zone is {@code https://api.{zone}}, and a zone that is a URL is used as
         * it is.
         *
         * @throws IllegalArgumentException when it is neither a host name nor a URL
         */
        public Builder zone(String zone) {
            if (zone.startsWith("https://") || zone.startsWith("http://")) {
                return baseUrl(zone);
            }
            if (!zone.matches("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")) {
                throw new IllegalArgumentException("a zone is a host name such as divio.com, or a URL");
            }
            return baseUrl("https://api." + zone);
        }

        /**
         * Sets the {@link #zone(String) zone} that the environment variable {@code DIVIO_ZONE} names; changes nothing when there is none, or
         * an empty one. Proven by the official command line tool, which prefers the file of a project; this client reads no such file.
         *
         * @throws IllegalArgumentException when it is neither a host name nor a URL
         */
        public Builder zoneFromEnvironment() {
            return zoneFromEnvironment(System::getenv);
        }

        Builder zoneFromEnvironment(UnaryOperator<@Nullable String> environment) {
            String zone = environment.apply("DIVIO_ZONE");
            return zone == null || zone.isBlank() ? this : zone(zone.strip());
        }

        /**
         * Sets where the API is: scheme, host and port. The paths {@code /apps/v3} and so on are added.
         *
         * <p>Correct: {@code https://api.divio.com}, {@code http://127.0.0.1:8099}. Incorrect: {@code https://api.divio.com/apps/v3/} (has
         * a path), {@code http://api.divio.com} (the token would travel unencrypted; see {@link #allowPlainHttp()}). It is checked by {@link
         * #build()}.
         */
        public Builder baseUrl(String baseUrl) {
            this.baseUrl = Objects.requireNonNull(baseUrl, "baseUrl");
            return this;
        }

        /** Sets where the API is; see {@link #baseUrl(String)}. */
        public Builder baseUrl(URI baseUrl) {
            return baseUrl(baseUrl.toString());
        }

        /** Allows a base URL with http on another machine, for networks that encrypt by other means. Loopback needs no permission. */
        public Builder allowPlainHttp() {
            this.plainHttpAllowed = true;
            return this;
        }

        /** Sets the {@code User-Agent}. Default: {@code divio4j}. */
        public Builder userAgent(String userAgent) {
            if (userAgent.isBlank() || !userAgent.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
                throw new IllegalArgumentException("a User-Agent is a line of ASCII characters");
            }
            this.userAgent = userAgent;
            return this;
        }

        /** Sets how long connecting may take. Default: 10 s. */
        public Builder connectTimeout(Duration timeout) {
            this.connectTimeout = timeout(timeout);
            return this;
        }

        /** Sets how long the server may be silent while an answer is awaited or read. Default: 30 s. */
        public Builder readTimeout(Duration timeout) {
            this.readTimeout = timeout(timeout);
            return this;
        }

        /**
         * Sets how long the server may not take what is sent. Default: 30 s. It is for requests with a body; one without is sent at once,
         * and ends with {@link #callTimeout(Duration)} at the latest.
         */
        public Builder writeTimeout(Duration timeout) {
            this.writeTimeout = timeout(timeout);
            return this;
        }

        /** Sets how long one attempt may take, from connecting to the last byte of the answer. Default: 60 s. */
        public Builder callTimeout(Duration timeout) {
            this.callTimeout = timeout(timeout);
            return this;
        }

        /**
         * Sets after which time no further attempt is started. Default: 3 min. A call lasts at most this and one more {@link
         * #callTimeout(Duration)}.
         */
        public Builder totalTimeout(Duration timeout) {
            this.totalTimeout = timeout(timeout);
            return this;
        }

        /** Sets how often a call is attempted where the retry table allows it, 1 to 20. Default: 5; 1 switches repeating off. */
        public Builder maxAttempts(int attempts) {
            if (attempts < 1 || attempts > 20) {
                throw new IllegalArgumentException("attempts must be 1 to 20: " + attempts);
            }
            this.maxAttempts = attempts;
            return this;
        }

        /**
         * Sets the waits between attempts. Default: 250 ms and 10 s.
         *
         * @param first the wait after the first attempt; doubled after each further one
         * @param longest what it does not grow beyond
         */
        public Builder retryDelay(Duration first, Duration longest) {
            if (longest.compareTo(first) < 0) {
                throw new IllegalArgumentException("the longest delay is shorter than the first: " + longest);
            }
            this.retryDelay = timeout(first);
            this.maxRetryDelay = timeout(longest);
            return this;
        }

        /**
         * Sets the longest {@code Retry-After} that is waited for. Default: 60 s. A call whose answer asks for more ends at once, with the
         * answer as its exception.
         */
        public Builder maxRetryAfter(Duration longest) {
            this.maxRetryAfter = timeout(longest);
            return this;
        }

        /** Sets how large an answer may be, in bytes after decompression, 1 KiB to 1 GiB. Default: 16 MiB. */
        public Builder maxResponseBytes(long bytes) {
            if (bytes < 1024 || bytes > 1024L * 1024 * 1024) {
                throw new IllegalArgumentException("the limit must be 1 KiB to 1 GiB: " + bytes);
            }
            this.maxResponseBytes = bytes;
            return this;
        }

        /**
         * Sets how many calls all threads together start in a second, 1 to 10,000, or 0 for no limit. Default: 100; no source of Divio
         * shows its limits. All of them may start at once; calls beyond that wait until the first is more than a second ago. When Divio answers 429, all threads of the client
         * wait, for as long as the answer asks ({@link #maxRetryAfter(Duration)} at most), or else as long as before a repetition.
         */
        public Builder maxCallsPerSecond(int calls) {
            if (calls < 0 || calls > 10_000) {
                throw new IllegalArgumentException("calls per second must be 0 to 10,000: " + calls);
            }
            this.maxCallsPerSecond = calls;
            return this;
        }

        /** Sets where the time comes from. Default: {@link TimeSource#system()}. For tests. */
        public Builder timeSource(TimeSource time) {
            this.time = Objects.requireNonNull(time, "time");
            return this;
        }

        /**
         * Shares the connections, proxy, TLS settings and interceptors of an OkHttp client. Default: none.
         *
         * <p>Its timeouts, dispatcher, cache, authenticator, redirects and retries are replaced by those of this builder. Its network
         * interceptors see the token. Closing the Divio client does not close it.
         */
        public Builder okHttpClient(OkHttpClient base) {
            this.okHttpClient = Objects.requireNonNull(base, "base");
            return this;
        }

        /**
         * Sets where the randomness of delays comes from. Default: the thread's own generator. For tests.
         *
         * @param jitter numbers from 0 (inclusive) to 1 (exclusive); it is called by several threads
         */
        public Builder jitter(DoubleSupplier jitter) {
            this.jitter = Objects.requireNonNull(jitter, "jitter");
            return this;
        }

        /**
         * Returns the client. Makes no call.
         *
         * @throws IllegalStateException when there is no token; it says where one was looked for
         * @throws IllegalArgumentException when the base URL is not one, or not safe for a token
         */
        public DivioClient build() {
            if (credentials == null) {
                throw new IllegalStateException("a token is required: builder().credentials(...) or token(...)");
            }
            Origin origin = Origin.parse(baseUrl, plainHttpAllowed);
            String token = credentials.find(origin.root().host());
            if (token == null) {
                throw new IllegalStateException("no token for " + origin.root().host() + ": looked in " + credentials);
            }
            return new DivioClient(new TransportSettings(
                    origin,
                    token,
                    userAgent,
                    connectTimeout,
                    readTimeout,
                    writeTimeout,
                    callTimeout,
                    totalTimeout,
                    maxAttempts,
                    retryDelay,
                    maxRetryDelay,
                    maxRetryAfter,
                    maxResponseBytes,
                    10_000,
                    maxCallsPerSecond,
                    plainHttpAllowed,
                    time,
                    jitter,
                    okHttpClient));
        }

        /** Tells where the token comes from, and not which it is. */
        @Override
        public String toString() {
            return "DivioClient.Builder[token from " + (credentials == null ? "nowhere yet" : credentials.toString())
                    + "]";
        }

        private static Duration timeout(Duration timeout) {
            if (timeout.toMillis() < 1 || timeout.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("a duration must be 1 ms to 1 day: " + timeout);
            }
            return timeout;
        }
    }
}
