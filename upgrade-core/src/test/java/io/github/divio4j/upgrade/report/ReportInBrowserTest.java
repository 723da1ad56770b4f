package io.github.divio4j.upgrade.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a reader sees, in a real browser. The pictures are kept in {@code target/reports}.
 */
@Timeout(300)
class ReportInBrowserTest {

    private static final Path PICTURES = Path.of("target/reports");
    private static final int DESK = 1200;
    /** The narrowest window that Chromium opens. */
    private static final int PHONE = 500;

    /**
     * Added to a copy of a page, because the pages have no scripts: says what can be seen, and where it ends.
     */
    private static final String EYES = """
            <script>
            addEventListener('load', () => {
              const facts = {};
              const box = document.documentElement;
              facts.overflow = box.scrollWidth - box.clientWidth;
              facts.background = getComputedStyle(document.body).backgroundColor;
              facts.ink = getComputedStyle(document.body).color;
              facts.bars = [...document.querySelectorAll('table.timeline svg rect')]
                  .filter(r => r.checkVisibility() && r.getBoundingClientRect().width >= 1).length;
              facts.ticks = [...document.querySelectorAll('table.timeline svg path')].filter(p => p.checkVisibility()).length;
              const shaded = [...document.querySelectorAll('table.unprotected td.g, table.paused td.g')];
              facts.shaded = shaded.filter(c => parseFloat(getComputedStyle(c, '::before').width) > 1).length;
              facts.open = document.querySelectorAll('details[open]').length;
              facts.unnamed = [...document.querySelectorAll('table')].filter(t => !t.caption || !t.caption.textContent).length
                  + [...document.querySelectorAll('th')].filter(t => !t.scope).length;
              facts.focusable = document.querySelectorAll('a[href], summary, [tabindex="0"]').length;
              facts.deadLinks = [...document.querySelectorAll('a')]
                  .filter(a => !document.getElementById(a.getAttribute('href').slice(1))).length;
              const target = document.querySelector(':target');
              facts.targetSeen = !!target && target.checkVisibility({contentVisibilityAuto: true})
                  && target.getBoundingClientRect().top < innerHeight;
              facts.text = document.body.innerText;
              const out = document.createElement('pre');
              out.id = 'facts';
              out.textContent = Object.entries(facts).map(([k, v]) => k + '=' + encodeURIComponent(v)).join('\\n');
              document.body.append(out);
            });
            </script>
            """;

    @TempDir
    static Path folder;

    private static Chromium chromium;

    @BeforeAll
    static void findChromium() throws IOException {
        chromium = new Chromium(folder);
        Files.createDirectories(PICTURES);
    }

    /** What can be seen of a page, by a copy of it with eyes in it. */
    private static Map<String, String> look(Report report, int width, String fragment, String... more)
            throws IOException, InterruptedException {
        Path copy = folder.resolve("copy.html");
        Files.writeString(
                copy,
                report.html()
                        .replaceFirst("<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "")
                        .replace("</body>", EYES + "</body>"));
        String[] arguments = new String[more.length + 1];
        arguments[0] = "--dump-dom";
        System.arraycopy(more, 0, arguments, 1, more.length);
        String document = chromium.open(copy.toUri() + fragment, width, 900, arguments);
        Matcher facts =
                Pattern.compile("<pre id=\"facts\">(.*?)</pre>", Pattern.DOTALL).matcher(document);
        assertThat(facts.find()).as("the page was loaded").isTrue();
        Map<String, String> seen = new TreeMap<>();
        facts.group(1)
                .lines()
                .forEach(line -> seen.put(
                        line.substring(0, line.indexOf('=')),
                        URLDecoder.decode(
                                line.substring(line.indexOf('=') + 1).replace("+", "%2B"), StandardCharsets.UTF_8)));
        return seen;
    }

    private static void picture(Report report, String name, int width, int height, String... more)
            throws IOException, InterruptedException {
        Path page = PICTURES.resolve(name + ".html").toAbsolutePath();
        report.writeTo(page);
        Path picture = PICTURES.resolve(name + ".png").toAbsolutePath();
        String[] arguments = new String[more.length + 1];
        arguments[0] = "--screenshot=" + picture;
        System.arraycopy(more, 0, arguments, 1, more.length);

        chromium.open(page.toUri().toString(), width, height, arguments);

        assertThat(picture).isNotEmptyFile();
    }

    private static int number(Map<String, String> seen, String name) {
        return Integer.parseInt(String.valueOf(seen.get(name)));
    }

    @Test
    void ofOneEnvironmentAReaderSeesTheTimelineTheWindowAndTheNumbers() throws Exception {
        Report report = Report.of(Reported.unprotected());
        picture(report, "one", DESK, 1500);

        Map<String, String> seen = look(report, DESK, "");

        assertThat(seen.get("text"))
                .contains("Run: 1 upgraded", "Unprotected window", "406 s (6 min 46 s)", "not measured", "True now")
                .contains("Next safe action", "Nothing is left to do.", "Calls made", "Retries", "Rows verified")
                .contains("restore the backup into PostgreSQL Database 15 (NEW)", "4 min 19 s");
        assertThat(number(seen, "bars")).as("nine steps and the window").isEqualTo(10);
        assertThat(number(seen, "ticks"))
                .as("four steps took long enough to be looked at")
                .isEqualTo(4);
        assertThat(number(seen, "shaded")).isEqualTo(10);
        assertThat(seen)
                .containsEntry("overflow", "0")
                .containsEntry("unnamed", "0")
                .containsEntry("deadLinks", "0");
    }

    @Test
    void ofAFencedRunAReaderSeesTheWritePauseAndTheRowsThatWereVerified() throws Exception {
        Report report = Report.of(Reported.fenced());
        picture(report, "fenced", DESK, 1900);

        Map<String, String> seen = look(report, DESK, "");

        assertThat(seen.get("text")).contains("Write pause", "The write pause", "406 s", "1,234,567 rows");
        assertThat(number(seen, "shaded")).isPositive();
    }

    @Test
    void ofAFailedRunAReaderSeesWhatFailedAndWhatToDoFirst() throws Exception {
        Report report = Report.of(Reported.failed());
        picture(report, "failed", DESK, 1700);

        Map<String, String> seen = look(report, DESK, "");

        String text = String.valueOf(seen.get("text"));
        assertThat(text)
                .contains("Run: 1 failed, 1 not finished", "restoring failed. The application runs as before.")
                .contains("Nothing new was begun after shop/test could not be finished.");
        assertThat(text.indexOf("Run again: it tries to restore"))
                .as("the next safe action comes before the timelines")
                .isBetween(1, text.indexOf("Timelines"));
        assertThat(number(seen, "open")).isEqualTo(2);
    }

    @Test
    void ofARollbackAReaderSeesThatTheApplicationIsBack() throws Exception {
        Report report = Report.of(Reported.rolledBack());
        picture(report, "rollback", DESK, 1000);

        assertThat(look(report, DESK, "").get("text"))
                .contains("Run: 1 rolled back", "DEFAULT is PostgreSQL Database 13, ATTACHED");
    }

    @Test
    void ofTwoHundredEnvironmentsAReaderSeesFirstThoseThatNeedAttention() throws Exception {
        Report report = Report.of(Reported.many(200));
        picture(report, "two-hundred", DESK, 2600);

        Map<String, String> seen = look(report, DESK, "");

        assertThat(seen.get("text"))
                .contains(
                        "198 upgraded, 2 failed",
                        "What needs attention",
                        "shop/environment-150",
                        "shop/environment-199");
        assertThat(number(seen, "open")).as("only the failed ones are open").isEqualTo(2);
        assertThat(seen).containsEntry("overflow", "0").containsEntry("deadLinks", "0");
    }

    @Test
    void fiveHundredEnvironmentsStayUsable() throws Exception {
        Report report = Report.of(Reported.many(500));

        assertThat(report.html().getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(6_000_000);
        Map<String, String> seen = look(report, DESK, "#e321");

        assertThat(number(seen, "open"))
                .as("five that failed, and the one that the link leads to")
                .isEqualTo(6);
        assertThat(seen).containsEntry("targetSeen", "true").containsEntry("overflow", "0");
    }

    @Test
    void aPlanShowsItsStepsAndWhatStandsInTheWay() throws Exception {
        Report report = Report.of(Reported.plan());
        picture(report, "plan", DESK, 2200);

        Map<String, String> seen = look(report, DESK, "#e4");

        assertThat(seen.get("text"))
                .contains("Plan: 2 environments to PostgreSQL 15, 18 steps", "What stands in the way")
                .contains("It has no PostgreSQL instance", "back up PostgreSQL Database 13 (DEFAULT)");
        assertThat(seen).containsEntry("targetSeen", "true").containsEntry("overflow", "0");
    }

    @Test
    void onAPhoneNothingIsWiderThanTheScreen() throws Exception {
        for (Report report : List.of(
                Report.of(Reported.failed()),
                Report.of(Reported.plan()),
                Report.of(Reported.hostile().run(Reported.TO_15)),
                Report.of(Reported.with("shop", "x".repeat(300)).run(Reported.TO_15)))) {
            assertThat(look(report, PHONE, "")).containsEntry("overflow", "0");
        }
        picture(Report.of(Reported.failed()), "phone", PHONE, 2200);
    }

    @Test
    void inTheDarkThePageIsDarkAndItsTextIsLight() throws Exception {
        Report report = Report.of(Reported.failed());
        picture(report, "dark", DESK, 1400, "--blink-settings=preferredColorScheme=0");

        Map<String, String> light = look(report, DESK, "", "--blink-settings=preferredColorScheme=1");
        Map<String, String> dark = look(report, DESK, "", "--blink-settings=preferredColorScheme=0");

        assertThat(brightness(light, "background")).isGreaterThan(240);
        assertThat(brightness(light, "ink")).isLessThan(60);
        assertThat(brightness(dark, "background")).isLessThan(60);
        assertThat(brightness(dark, "ink")).isGreaterThan(200);
    }

    private static int brightness(Map<String, String> seen, String name) {
        Matcher rgb = Pattern.compile("rgb\\((\\d+), (\\d+), (\\d+)\\)").matcher(String.valueOf(seen.get(name)));
        assertThat(rgb.matches()).isTrue();
        return (Integer.parseInt(rgb.group(1)) + Integer.parseInt(rgb.group(2)) + Integer.parseInt(rgb.group(3))) / 3;
    }

    @Test
    void everythingThatOpensOrScrollsCanBeReachedByKeyboard() throws Exception {
        Map<String, String> seen = look(Report.of(Reported.failed()), DESK, "");

        assertThat(number(seen, "focusable"))
                .as("the link to skip, 2 that need attention, 2 in the table, the table, and of each environment its"
                        + " summary, its timeline and the way back up")
                .isEqualTo(1 + 2 + 2 + 1 + 2 * 3);
    }

    @Test
    void printedItHoldsAllEnvironments() throws Exception {
        Path page = PICTURES.resolve("printed.html").toAbsolutePath();
        Path paper = PICTURES.resolve("printed.pdf").toAbsolutePath();
        Report.of(Reported.many(20)).writeTo(page);

        chromium.open(page.toUri().toString(), DESK, 900, "--print-to-pdf=" + paper);

        Matcher pages =
                Pattern.compile("/Type ?/Page\\b").matcher(Files.readString(paper, StandardCharsets.ISO_8859_1));
        assertThat(pages.results().count())
                .as("closed environments are printed, too")
                .isBetween(8L, 40L);
    }

    @Test
    void noRequestLeavesThePage() throws Exception {
        List<String> requests = Collections.synchronizedList(new ArrayList<>());
        byte[] page = Report.of(Reported.hostile().run(Reported.TO_15)).html().getBytes(StandardCharsets.UTF_8);
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread serving = new Thread(() -> serve(server, page, requests));
            serving.setDaemon(true);
            serving.start();
            String address = "http://127.0.0.1:" + server.getLocalPort() + "/run.html";
            String document = chromium.open(address, DESK, 900, "--dump-dom");

            assertThat(document).contains("&lt;script&gt;alert(1)&lt;/script&gt;");
            assertThat(requests).containsExactly("GET /run.html HTTP/1.1");
        }
    }

    /** Answers whatever is asked with the page, until the socket is closed. */
    private static void serve(ServerSocket server, byte[] page, List<String> requests) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                BufferedReader reader =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
                String request = reader.readLine();
                if (request == null) {
                    // Browsers open connections that they may need later.
                    continue;
                }
                requests.add(request);
                socket.getOutputStream()
                        .write(("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: "
                                        + page.length + "\r\n\r\n")
                                .getBytes(StandardCharsets.ISO_8859_1));
                socket.getOutputStream().write(page);
            } catch (IOException e) {
                if (!server.isClosed()) {
                    requests.add("broken: " + e);
                }
            }
        }
    }
}
