package io.github.divio4j.examples.temporal;

import io.github.divio4j.client.DivioClient;
import io.github.divio4j.upgrade.SavedPlan;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.divio.DivioUpgrade;
import io.temporal.testserver.TestServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Everything that it takes, on this machine, each in a process of its own: Temporal's test server, a sandbox, and workers that can be
 * killed. Used by one thread.
 */
public final class SeparateProcesses implements AutoCloseable {

    private static final int TRIES_TO_CONNECT = 12;
    /** Longer than the little machine needs for a call, so that no living worker is taken for a dead one. */
    private static final int HEARTBEAT_SECONDS = 8;

    private final String classPath;
    private final List<Process> processes = new CopyOnWriteArrayList<>();
    private final List<Process> workers = new ArrayList<>();
    private final Process sandbox;
    private final BufferedReader fromSandbox;
    private final Writer toSandbox;
    private final URI baseUrl;
    private final String application;
    private final String token;
    private final String address;
    private final TemporalUpgrade temporal;
    private final SavedPlan plan;

    /**
     * Starts the servers and one upgrade to 15, without workers.
     *
     * @param classPath of this program
     * @param environments how many there are
     * @param speed how much faster than usual the sandbox's operations are
     * @param gates whether waves wait for approval
     */
    public SeparateProcesses(String classPath, int environments, double speed, boolean gates)
            throws IOException, TemporalException {
        this.classPath = classPath;
        Runtime.getRuntime().addShutdownHook(new Thread(this::destroy, "separate-processes-stop"));
        try {
            address = "127.0.0.1:" + freePort();
            java(Map.of(), TestServer.class, address.substring(address.indexOf(':') + 1));
            sandbox = java(Map.of(), JudgedSandbox.class, Integer.toString(environments), Double.toString(speed));
            fromSandbox = sandbox.inputReader(StandardCharsets.UTF_8);
            toSandbox = sandbox.outputWriter(StandardCharsets.UTF_8);
            String[] where = fromSandbox.readLine().split(" ", -1);
            baseUrl = URI.create(where[0]);
            application = where[1];
            token = where[2];
            temporal = connect();
            try (DivioClient divio =
                    DivioClient.builder().baseUrl(baseUrl).token(token).build()) {
                plan = DivioUpgrade.builder(divio, application)
                        .build()
                        .runner()
                        .build()
                        .planToSave(UpgradeSpec.to("15").build());
            }
            temporal.start(application, plan, new Settings(gates, HEARTBEAT_SECONDS, Settings.USUAL.longestHistory()));
        } catch (IOException | TemporalException | RuntimeException e) {
            destroy();
            throw e;
        }
    }

    private TemporalUpgrade connect() throws TemporalException {
        for (int attempt = 1; ; attempt++) {
            try {
                return TemporalUpgrade.connect(address, "default");
            } catch (TemporalException e) {
                if (attempt == TRIES_TO_CONNECT) {
                    throw e;
                }
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Process java(Map<String, String> environment, Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                main.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        if (main != JudgedSandbox.class) {
            builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
        }
        builder.environment().putAll(environment);
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    /** Starts one more worker. */
    public void startWorker() throws IOException {
        workers.add(java(
                Map.of("DIVIO_API_TOKEN", token, "DIVIO_ZONE", baseUrl.toString()),
                TemporalMain.class,
                "worker",
                "--application",
                application,
                "--temporal",
                address,
                "--poll",
                "1",
                "--testserver"));
    }

    /** Kills the worker that was started first (SIGKILL). */
    public void killWorker() throws InterruptedException {
        workers.remove(0).destroyForcibly().waitFor();
    }

    /** How many changes have been made at the platform so far. */
    public int changes() {
        return Integer.parseInt(ask("changes"));
    }

    /** Waits until so many changes have been made at the platform. */
    public void awaitChanges(int count) throws InterruptedException {
        while (changes() < count) {
            Thread.sleep(5);
        }
    }

    /** What came of it: {@code upgraded=… repeated_effects=… violations=…}. */
    public String judge() {
        return ask("judge");
    }

    private String ask(String question) {
        try {
            toSandbox.write(question + "\n");
            toSandbox.flush();
            return fromSandbox.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the upgrade is through. */
    public List<EnvironmentWorkflow.Result> await() throws TemporalException {
        return temporal.await(application);
    }

    /** What the workflows say of themselves. */
    public String report() throws TemporalException {
        return temporal.report(application, plan);
    }

    /** Lets a wave migrate. */
    public void approve(int wave) throws TemporalException {
        temporal.approve(application, wave);
    }

    @Override
    public void close() {
        temporal.close();
        destroy();
        processes.forEach(process -> process.onExit().join());
    }

    private void destroy() {
        processes.forEach(Process::destroy);
    }
}
