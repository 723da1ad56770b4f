package io.github.divio4j.client;

import static io.github.divio4j.client.Fixture.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.divio4j.client.error.DivioProtocolException;
import io.github.divio4j.client.error.DivioServerException;
import io.github.divio4j.client.model.Region;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.junit.jupiter.api.Test;

class PagingTest {
    private static String page(Fixture api, String next, String... ids) {
        String rows = String.join(
                ", ",
                java.util.Arrays.stream(ids)
                        .map("{'uuid': '%s', 'name': 'x'}"::formatted)
                        .toList());
        String link = next == null ? "null" : "'http://127.0.0.1:" + api.server.getPort() + next + "'";
        return "{'count': 99, 'next': %s, 'previous': null, 'results': [%s]}".formatted(link, rows);
    }

    @Test
    void goesThroughAllPages() {
        try (Fixture api = new Fixture()) {
            api.answers(
                    page(api, "/apps/v3/regions/?page=2", "a", "b"),
                    page(api, "/apps/v3/regions/?page=3"),
                    page(api, null, "c"));

            assertThat(api.divio.regions().list().toList())
                    .extracting(Region::id)
                    .containsExactly("a", "b", "c");
            assertThat(api.lines())
                    .containsExactly(
                            "GET /apps/v3/regions/", "GET /apps/v3/regions/?page=2", "GET /apps/v3/regions/?page=3");
        }
    }

    @Test
    void fetchesNothingBeforeTheFirstElementIsAskedFor() {
        try (Fixture api = new Fixture()) {
            Iterator<Region> unused = api.divio.regions().list().iterator();
            api.divio.regions().list().stream();
            assertThat(api.requests()).isEmpty();
            assertThat(unused).isNotNull();
        }
    }

    @Test
    void fetchesAPageOnlyWhenTheOneBeforeIsUsedUp() {
        try (Fixture api = new Fixture()) {
            api.answers(page(api, "/apps/v3/regions/?page=2", "a", "b"));
            assertThat(api.divio.regions().list().stream().limit(2).toList()).hasSize(2);
            assertThat(api.requests()).hasSize(1);
        }
    }

    @Test
    void startsAnewForEveryIterator() {
        try (Fixture api = new Fixture()) {
            api.answers(page(api, null, "a"), page(api, null, "b"));
            ResourceIterable<Region> regions = api.divio.regions().list();
            assertThat(regions.toList()).extracting(Region::id).containsExactly("a");
            assertThat(regions.toList()).extracting(Region::id).containsExactly("b");
        }
    }

    @Test
    void asksForThePageSize() {
        try (Fixture api = new Fixture()) {
            api.answers(page(api, null));
            api.divio.regions().list().pageSize(100).toList();
            assertThat(api.lines()).containsExactly("GET /apps/v3/regions/?page_size=100");
        }
    }

    @Test
    void refusesAPageSizeBelowOne() {
        try (Fixture api = new Fixture()) {
            assertThatThrownBy(() -> api.divio.regions().list().pageSize(0))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void endsWhenAPageComesAgain() {
        try (Fixture api = new Fixture()) {
            api.answers(page(api, "/apps/v3/regions/?page=2", "a"), page(api, "/apps/v3/regions/?page=2", "b"));
            assertThatThrownBy(() -> api.divio.regions().list().toList())
                    .isInstanceOf(DivioProtocolException.class)
                    .hasMessageContaining("one that was read before");
            assertThat(api.requests()).hasSize(2);
        }
    }

    @Test
    void endsAfterTenThousandPages() {
        AtomicInteger pages = new AtomicInteger();
        // Answers without a network, for speed.
        OkHttpClient endless = new OkHttpClient.Builder()
                .addInterceptor(chain -> new Response.Builder()
                        .request(chain.request())
                        .protocol(Protocol.HTTP_1_1)
                        .code(200)
                        .message("OK")
                        .body(ResponseBody.create(
                                "{\"results\": [], \"next\": \"http://127.0.0.1:9/?page=" + pages.incrementAndGet()
                                        + "\"}",
                                null))
                        .build())
                .build();
        try (DivioClient divio = DivioClient.builder()
                .token(Fixture.TOKEN)
                .baseUrl("http://127.0.0.1:9")
                .maxCallsPerSecond(0)
                .okHttpClient(endless)
                .build()) {
            assertThatThrownBy(() -> divio.regions().list().toList())
                    .isInstanceOf(DivioProtocolException.class)
                    .hasMessageContaining("more than 10000 pages");
        }
        assertThat(pages.get()).isEqualTo(10_000);
    }

    @Test
    void doesNotHideThatALaterPageFails() {
        try (Fixture api = new Fixture()) {
            api.answers(page(api, "/apps/v3/regions/?page=2", "a")).answers(status(500));
            assertThatThrownBy(() -> api.divio.regions().list().toList()).isInstanceOf(DivioServerException.class);
        }
    }

    @Test
    void namesTheRowThatIsMalformed() {
        try (Fixture api = new Fixture()) {
            api.answers("{'results': [{'uuid': 'a'}, {'name': 'no id'}]}");
            assertThatThrownBy(() -> api.divio.regions().list().toList())
                    .isInstanceOf(DivioProtocolException.class)
                    .hasMessageContaining("results[1].uuid is missing");
        }
    }

    @Test
    void refusesAPageWithoutResults() {
        try (Fixture api = new Fixture()) {
            api.answers("{'count': 0}");
            assertThatThrownBy(() -> api.divio.regions().list().toList())
                    .isInstanceOf(DivioProtocolException.class)
                    .hasMessageContaining("results is missing");
        }
    }

    @Test
    void hasNoElementAfterTheLast() {
        try (Fixture api = new Fixture()) {
            api.answers(page(api, null));
            Iterator<Region> regions = api.divio.regions().list().iterator();
            assertThatThrownBy(regions::next).isInstanceOf(NoSuchElementException.class);
        }
    }

    @Test
    void goesOnAfterATemporaryFailureOfOnePage() {
        try (Fixture api = new Fixture()) {
            api.answers(page(api, "/apps/v3/regions/?page=2", "a"))
                    .answers(status(503))
                    .answers(page(api, null, "b"));
            assertThat(api.divio.regions().list().toList())
                    .extracting(Region::id)
                    .containsExactly("a", "b");
        }
    }
}
