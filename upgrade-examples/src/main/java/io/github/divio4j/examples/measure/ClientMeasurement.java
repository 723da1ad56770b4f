package io.github.divio4j.examples.measure;

import com.sun.management.ThreadMXBean;
import io.github.divio4j.client.DivioClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/**
 * Compares divio-client with a client written by hand with the same libraries: calls per second, bytes allocated per call, and the time of
 * a new JVM to its first answer. Both call one server, in turns.
 */
final class ClientMeasurement implements Measurement {
    static final String TOKEN = "measure-0123456789abcdef";

    private static final String ENVIRONMENT = "8d9c3f2e-5b1a-4e7c-9f60-1a2b3c4d5e6f";
    private static final int PAGE_SIZE = 100;
    private static final int LISTED = 1_000;
    /** So many that both are compiled before anything counts. */
    private static final int WARM_UP = 150;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Override
    public Numbers run(List<String> arguments, PrintStream out) throws Exception {
        if (arguments.size() > 2) {
            throw new WrongArgumentException("client takes at most two arguments: rounds, and starts of a new JVM");
        }
        int rounds = count(arguments, 0, 500);
        int starts = count(arguments, 1, 15);
        out.println(
                "The rate limiter of divio-client is off (maxCallsPerSecond(0)): by default it would be what is measured.");
        try (CannedServer server = new CannedServer();
                HandWrittenClient hand = new HandWrittenClient(server.url(), TOKEN);
                DivioClient divio = DivioClient.builder()
                        .baseUrl(server.url())
                        .token(TOKEN)
                        .maxCallsPerSecond(0)
                        .build()) {
            fill(server);
            String id = id(0);
            Comparison one = compare(
                    new Workload(100, 1, () -> hand.get(id).uuid().length() == id.length()),
                    new Workload(
                            100, 1, () -> divio.serviceInstances().get(id).id().length() == id.length()),
                    rounds);
            one.print(out, "one object");
            Comparison list = compare(
                    new Workload(
                            12,
                            LISTED / PAGE_SIZE,
                            () -> hand.list(ENVIRONMENT, PAGE_SIZE).size() == LISTED),
                    new Workload(
                            12,
                            LISTED / PAGE_SIZE,
                            () -> divio.serviceInstances()
                                            .list(ENVIRONMENT)
                                            .pageSize(PAGE_SIZE)
                                            .toList()
                                            .size()
                                    == LISTED),
                    rounds);
            list.print(out, "list of 1,000");
            double cold = coldStart(server.url(), id, starts, out);
            // Each workload counts alike: the middle of two ratios is their geometric mean.
            return new Numbers()
                    .put("raw_ops", Math.round(Math.sqrt(one.rawOps() * list.rawOps())))
                    .put("ops", Math.round(Math.sqrt(one.ops() * list.ops())))
                    .put("ratio", Math.sqrt(one.ratio() * list.ratio()))
                    .put("alloc_ratio", Math.max(one.allocRatio(), list.allocRatio()))
                    .put("cold_ms_ratio", cold)
                    .put("ratio_one", one.ratio())
                    .put("ratio_list", list.ratio());
        }
    }

    private static int count(List<String> arguments, int index, int otherwise) throws WrongArgumentException {
        try {
            int count = index < arguments.size() ? Integer.parseInt(arguments.get(index)) : otherwise;
            if (count >= 1) {
                return count;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new WrongArgumentException("not a number of rounds or starts: " + arguments.get(index));
    }

    private static String id(int number) {
        return String.format(Locale.ROOT, "4f6b2a10-0c3d-4d5e-8f70-%012d", number);
    }

    private static void fill(CannedServer server) {
        String path = "/apps/v3/service-instances/";
        server.put(path + id(0) + "/", instance(0));
        int pages = LISTED / PAGE_SIZE;
        for (int page = 0; page < pages; page++) {
            StringBuilder rows = new StringBuilder();
            for (int row = 0; row < PAGE_SIZE; row++) {
                rows.append(row == 0 ? "" : ",").append(instance(page * PAGE_SIZE + row));
            }
            String query = "?environment=" + ENVIRONMENT + "&page_size=" + PAGE_SIZE;
            String next =
                    page == pages - 1 ? "null" : "\"" + server.url() + path + query + "&page=" + (page + 2) + "\"";
            server.put(
                    path + query + (page == 0 ? "" : "&page=" + (page + 1)),
                    "{\"count\":" + LISTED + ",\"next\":" + next + ",\"previous\":null,\"results\":[" + rows + "]}");
        }
    }

    private static String instance(int number) {
        return "{\"uuid\":\"" + id(number) + "\",\"environment\":\"" + ENVIRONMENT
                + "\",\"region\":\"b7c9a1d2-2f4e-4b8a-8c3d-0e1f2a3b4c5d\""
                + ",\"service\":\"c0ffee00-1234-4abc-9def-56789abcdef0\",\"type\":\"DATABASE\""
                + ",\"prefix\":\"DEFAULT\",\"service_status\":\"NEW\",\"created_at\":\"2026-03-01T12:00:00Z\",\"errors\":[]}";
    }

    /**
     * Something to do again and again.
     *
     * @param times how often in one round
     * @param calls how many calls it makes each time
     * @param task tells whether it got what it should
     */
    private record Workload(int times, int calls, Callable<Boolean> task) {
        Round round() throws Exception {
            long allocated = THREADS.getCurrentThreadAllocatedBytes();
            long begin = System.nanoTime();
            for (int i = 0; i < times; i++) {
                if (!task.call()) {
                    throw new IllegalStateException("a client gave something else than the server has");
                }
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            double bytes = THREADS.getCurrentThreadAllocatedBytes() - allocated;
            return new Round(times * calls / seconds, bytes / (times * calls));
        }
    }

    private record Round(double ops, double bytes) {}

    private record Comparison(
            double rawOps, double ops, double ratio, double rawBytes, double bytes, double allocRatio) {
        void print(PrintStream out, String what) {
            out.println(String.format(
                    Locale.ROOT,
                    "%-14s by hand %.0f calls/s, %.0f bytes/call; divio-client %.0f calls/s, %.0f bytes/call; ratio %.3f, alloc_ratio %.3f",
                    what,
                    rawOps,
                    rawBytes,
                    ops,
                    bytes,
                    ratio,
                    allocRatio));
        }
    }

    /** Runs both in turns, in short rounds: the ratio of two neighbours sees the same machine, and the middle one no accident. */
    private Comparison compare(Workload hand, Workload divio, int rounds) throws Exception {
        double[][] numbers = new double[6][rounds];
        for (int round = -WARM_UP; round < rounds; round++) {
            boolean handFirst = round % 2 == 0;
            Round first = (handFirst ? hand : divio).round();
            Round second = (handFirst ? divio : hand).round();
            if (round >= 0) {
                Round raw = handFirst ? first : second;
                Round own = handFirst ? second : first;
                numbers[0][round] = raw.ops();
                numbers[1][round] = own.ops();
                numbers[2][round] = own.ops() / raw.ops();
                numbers[3][round] = raw.bytes();
                numbers[4][round] = own.bytes();
                numbers[5][round] = own.bytes() / raw.bytes();
            }
        }
        double[] medians = Arrays.stream(numbers).mapToDouble(Numbers::median).toArray();
        return new Comparison(medians[0], medians[1], medians[2], medians[3], medians[4], medians[5]);
    }

    private static double coldStart(String url, String id, int starts, PrintStream out) throws Exception {
        double[] hand = new double[starts];
        double[] divio = new double[starts];
        double[] ratios = new double[starts];
        for (int start = -1; start < starts; start++) {
            boolean handFirst = start % 2 == 0;
            double first = startMillis(handFirst ? FirstAnswer.BY_HAND : FirstAnswer.DIVIO_CLIENT, url, id);
            double second = startMillis(handFirst ? FirstAnswer.DIVIO_CLIENT : FirstAnswer.BY_HAND, url, id);
            // The first ones bring the files into memory.
            if (start >= 0) {
                hand[start] = handFirst ? first : second;
                divio[start] = handFirst ? second : first;
                ratios[start] = divio[start] / hand[start];
            }
        }
        double ratio = Numbers.median(ratios);
        out.println(String.format(
                Locale.ROOT,
                "%-14s by hand %.0f ms; divio-client %.0f ms; ratio %.3f",
                "first answer",
                Numbers.median(hand),
                Numbers.median(divio),
                ratio));
        return ratio;
    }

    private static double startMillis(String client, String url, String id) throws Exception {
        long begin = System.nanoTime();
        Process process = new ProcessBuilder(
                        NewJvm.java(), "-cp", NewJvm.classPath(), FirstAnswer.class.getName(), client, url, id)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader answer = process.inputReader()) {
            String line = answer.readLine();
            double millis = (System.nanoTime() - begin) / 1e6;
            process.waitFor();
            if (!id.equals(line)) {
                throw new IOException("a new JVM with " + client + " answered " + line);
            }
            return millis;
        }
    }
}
