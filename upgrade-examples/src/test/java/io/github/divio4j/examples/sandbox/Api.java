package io.github.divio4j.examples.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** A plain HTTP client of the sandbox that knows nothing but the wire. */
final class Api {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Sandbox sandbox;

    Api(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    /** What came back. */
    record Answer(int status, HttpResponse<byte[]> response) {
        @SuppressWarnings("unchecked")
        Map<String, Object> body() {
            return (Map<String, Object>) json();
        }

        Object json() {
            try {
                return Json.parse(response.body());
            } catch (Json.MalformedException e) {
                throw new AssertionError(new String(response.body(), java.nio.charset.StandardCharsets.UTF_8), e);
            }
        }

        String text(String name) {
            return (String) body().get(name);
        }

        @SuppressWarnings("unchecked")
        List<Map<String, Object>> results() {
            return (List<Map<String, Object>>) body().get("results");
        }

        Answer expect(int expected) {
            assertThat(status)
                    .as(() -> new String(response.body(), java.nio.charset.StandardCharsets.UTF_8))
                    .isEqualTo(expected);
            return this;
        }
    }

    Answer get(String path) {
        return send("GET", path, Map.of());
    }

    Answer post(String path, Map<String, ?> body) {
        return send("POST", path, body);
    }

    Answer patch(String path, Map<String, ?> body) {
        return send("PATCH", path, body);
    }

    Answer delete(String path) {
        return send("DELETE", path, Map.of());
    }

    /** Sends a JSON body with every method, GET included, as the official command line does. */
    Answer send(String method, String path, Map<String, ?> body) {
        return send(request(path)
                .header("Authorization", "Token " + sandbox.token())
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofByteArray(Json.write(body)))
                .build());
    }

    HttpRequest.Builder request(String path) {
        URI uri = path.startsWith("http") ? URI.create(path) : sandbox.baseUrl().resolve(path);
        return HttpRequest.newBuilder(uri).timeout(DEADLINE);
    }

    Answer send(HttpRequest request) {
        try {
            return trySend(request);
        } catch (IOException e) {
            throw new AssertionError(request.method() + " " + request.uri(), e);
        }
    }

    Answer trySend(HttpRequest request) throws IOException {
        try {
            HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), response);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Polls until what it sees is as wanted. */
    Answer await(String path, Predicate<Map<String, Object>> wanted) {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (true) {
            Answer answer = get(path).expect(200);
            if (wanted.test(answer.body())) {
                return answer;
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("Not within " + DEADLINE + ": " + answer.body());
            }
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    // What nearly every test needs, in the words of the platform.

    String instance(String environment, String service, String prefix) {
        return post(
                        "/apps/v3/service-instances/",
                        Map.of(
                                "environment", sandbox.environmentId(environment),
                                "region", sandbox.regionId(),
                                "service", sandbox.serviceId(service),
                                "prefix", prefix))
                .expect(201)
                .text("uuid");
    }

    String find(String environment, String prefix, String type) {
        return sandbox.instances(environment).stream()
                .filter(instance ->
                        instance.prefix().equals(prefix) && instance.type().equals(type))
                .findFirst()
                .orElseThrow()
                .id();
    }

    void provision(String instance) {
        post("/apps/v3/service-instances/" + instance + "/provision/", Map.of()).expect(202);
        await(
                "/apps/v3/service-instances/" + instance + "/",
                body -> "PENDING_ATTACHMENT".equals(body.get("service_status")));
    }

    Answer startDeployment(String environment) {
        return post("/apps/v3/deployments/", Map.of("environment", sandbox.environmentId(environment)));
    }

    Answer deploy(String environment) {
        String id = startDeployment(environment).expect(201).text("uuid");
        return await("/apps/v3/deployments/" + id + "/", body -> body.get("ended_at") != null);
    }

    /** Backs one instance up and returns the ids of the backup and of its only part. */
    MadeBackup backUp(String environment, String instance) {
        String id = startBackup(environment, instance).expect(201).text("uuid");
        return completed(id);
    }

    Answer startBackup(String environment, String instance) {
        return post(
                "/apps/v3/backups/",
                Map.of(
                        "environment",
                        sandbox.environmentId(environment),
                        "services",
                        List.of(instance),
                        "trigger",
                        "MANUAL",
                        "notes",
                        "made by a test"));
    }

    record MadeBackup(String id, String part, String success) {}

    /** Waits until a backup has ended; it has one part. */
    MadeBackup completed(String backup) {
        Answer done = await("/apps/v3/backups/" + backup + "/", body -> "COMPLETED".equals(body.get("state")));
        List<?> parts = (List<?>) done.body().get("service_instance_backups");
        return new MadeBackup(backup, (String) parts.get(0), done.text("success"));
    }

    /** Where a dump can be brought to, and what is to be told of it then. */
    record Ticket(String backup, String handler, String url, String finishUrl, Map<?, ?> parameters) {}

    Ticket startUpload(String environment, String instance) {
        Answer answer = post(
                        "/apps/v3/backups/upload/",
                        Map.of(
                                "environment",
                                sandbox.environmentId(environment),
                                "services",
                                List.of(instance),
                                "notes",
                                "brought by a test",
                                "scheduled_for_deletion_at",
                                "2999-01-01T00:00:00.123456+00:00"))
                .expect(201);
        Map<?, ?> results = (Map<?, ?>) answer.body().get("results");
        assertThat(results.keySet()).isEqualTo(java.util.Set.of(instance));
        Map<?, ?> result = (Map<?, ?>) results.get(instance);
        Map<?, ?> parameters = (Map<?, ?>) result.get("upload_parameters");
        return new Ticket(
                answer.text("uuid"),
                (String) result.get("handler"),
                (String) parameters.get("url"),
                (String) result.get("finish_url"),
                parameters);
    }

    Answer put(String url, byte[] content) {
        return send(request(url)
                .PUT(HttpRequest.BodyPublishers.ofByteArray(content))
                .build());
    }

    /** With an empty body and without a token. */
    Answer finish(String url) {
        return send(request(url).POST(HttpRequest.BodyPublishers.noBody()).build());
    }

    MadeBackup upload(String environment, String instance, byte[] dump) {
        Ticket ticket = startUpload(environment, instance);
        put(ticket.url(), dump).expect(200);
        finish(ticket.finishUrl()).expect(200);
        return completed(ticket.backup());
    }

    byte[] download(MadeBackup backup) {
        String download = post(
                        "/apps/v3/backup-downloads/",
                        Map.of(
                                "backup", backup.id(),
                                "service_instance_backups", List.of(backup.part()),
                                "trigger", "PULL"))
                .expect(201)
                .text("uuid");
        // The row is there at once, under a parameter whose name says backup.
        String item = (String) get("/apps/v3/backup-download-service-instances/?backup=" + download)
                .expect(200)
                .results()
                .get(0)
                .get("uuid");
        String url = await("/apps/v3/backup-download-service-instances/" + item, body -> body.get("ended_at") != null)
                .text("download_url");
        return send(request(url).build()).expect(200).response().body();
    }

    Answer startRestore(MadeBackup backup, String target) {
        return post(
                "/apps/v3/backup-restores/",
                Map.of(
                        "backup",
                        backup.id(),
                        "service_instance_restores",
                        List.of(Map.of("service_instance_backup", backup.part(), "service_instance", target))));
    }

    Answer restore(MadeBackup backup, String target) {
        String id = startRestore(backup, target).expect(201).text("uuid");
        return await("/apps/v3/backup-restores/" + id + "/", body -> Boolean.TRUE.equals(body.get("finished")));
    }

    Map<String, String> deployedVariables(String deployment) {
        Map<String, String> variables = new java.util.TreeMap<>();
        Object object = get("/apps/v3/deployments/" + deployment + "/environment-variables")
                .expect(200)
                .body()
                .get("environment_variables");
        ((Map<?, ?>) object).forEach((name, value) -> variables.put((String) name, (String) value));
        return variables;
    }
}
