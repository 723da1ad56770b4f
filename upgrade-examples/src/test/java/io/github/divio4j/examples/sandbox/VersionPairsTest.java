package io.github.divio4j.examples.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real servers of many major versions, over HTTP alone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VersionPairsTest {
    private Sandbox sandbox;
    private Api api;

    @BeforeAll
    void start() {
        sandbox = Sandbox.builder()
                .speed(50)
                .rows(500)
                .environments(List.of("test"))
                .start();
        api = new Api(sandbox);
    }

    @AfterAll
    void stop() {
        sandbox.close();
    }

    /** A provisioned instance of one version, and where it is. */
    private String provisioned(String version, String prefix) {
        String id = api.instance("test", "PostgreSQL Database " + version, prefix);
        api.provision(id);
        return id;
    }

    private String dsn(String id) {
        return sandbox.dsn(id).orElseThrow();
    }

    private void remove(String id) {
        // What waits for its first deployment can only be deleted after it has been attached and detached.
        api.deploy("test");
        api.post("/apps/v3/service-instances/" + id + "/detach/", Map.of()).expect(200);
        api.deploy("test");
        api.delete("/apps/v3/service-instances/" + id + "/").expect(204);
    }
}
