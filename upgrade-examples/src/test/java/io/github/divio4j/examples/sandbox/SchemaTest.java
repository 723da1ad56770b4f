package io.github.divio4j.examples.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What schema.json says and what the API answers are the same. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SchemaTest {
    private final Sandbox sandbox = Sandbox.builder()
            .databases(Databases.NONE)
            .speed(100)
            .variable("CURRENCY", "EUR")
            .start();
    private final Api api = new Api(sandbox);
    private final Map<String, Object> schema = api.get("/apps/v3/schema.json").body();

    /** What was answered, by the operation's method and path. */
    private final Map<String, List<Api.Answer>> answers = new TreeMap<>();

    @AfterAll
    void stop() {
        sandbox.close();
    }

    private Api.Answer call(String method, String template, String id, Map<String, ?> body) {
        Api.Answer answer = api.send(method, template.replace("{uuid}", id), body);
        assertThat(answer.status()).as(method + " " + template).isBetween(200, 299);
        answers.computeIfAbsent(method + " " + template.replaceAll("\\?.*", ""), key -> new ArrayList<>())
                .add(answer);
        return answer;
    }

    private Api.Answer get(String template, String id) {
        return call("GET", template, id, Map.of());
    }

    private String post(String template, String id, Map<String, ?> body) {
        return (String) call("POST", template, id, body).body().get("uuid");
    }

    /** Looks at a collection and at each thing in it. */
    private void look(String collection, String query) {
        for (Map<String, Object> row : get(collection + query, "").results()) {
            get(collection + "{uuid}/", (String) row.get("uuid"));
        }
    }

    @BeforeAll
    void callEverything() {
        String test = sandbox.environmentId("test");
        String database = api.find("test", "DEFAULT", "DATABASE");
        Map<String, ?> nothing = Map.of();

        get("/apps/v3/", "");
        get("/apps/v3/schema.json", "");
        get("/iam/v3/me/", "");
        look("/iam/v3/organisations/", "");
        look("/billing/v3/application-plan-groups/", "");
        look("/apps/v3/app-templates/", "");
        look("/apps/v3/regions/", "");
        look("/apps/v3/services/", "");

        String repository = post(
                "/apps/v3/repositories/",
                "",
                Map.of("organisation", sandbox.organisationId(), "url", "git@git.example:shop.git"));
        post("/apps/v3/repositories/{uuid}/check/", repository, Map.of("branch", "main", "migrate", "true"));
        get("/apps/v3/repositories/{uuid}/", repository);
        String planGroup = (String)
                api.get("/billing/v3/application-plan-groups/").results().get(0).get("uuid");
        post(
                "/apps/v3/applications/",
                "",
                Map.of(
                        "name",
                        "Shop",
                        "slug",
                        "shop",
                        "organisation",
                        sandbox.organisationId(),
                        "plan_group",
                        planGroup,
                        "region",
                        sandbox.regionId(),
                        "repository",
                        repository,
                        "release_commands",
                        List.of(Map.of("label", "Migrate", "command", "migrate"))));
        look("/apps/v3/applications/", "");

        String instance = post(
                "/apps/v3/service-instances/",
                "",
                Map.of(
                        "environment",
                        test,
                        "region",
                        sandbox.regionId(),
                        "service",
                        sandbox.serviceId("PostgreSQL Database 15"),
                        "prefix",
                        "NEW"));
        call("PATCH", "/apps/v3/service-instances/{uuid}/", instance, Map.of("prefix", "NEXT"));
        post("/apps/v3/service-instances/{uuid}/provision/", instance, nothing);
        api.await(
                "/apps/v3/service-instances/" + instance,
                body -> "PENDING_ATTACHMENT".equals(body.get("service_status")));
        post("/apps/v3/service-instances/{uuid}/detach/", database, nothing);
        post("/apps/v3/service-instances/{uuid}/attach/", database, nothing);
        look("/apps/v3/service-instances/", "");

        String deployment = post("/apps/v3/deployments/", "", Map.of("environment", test, "build_mode", "FORCE"));
        look("/apps/v3/deployments/", "");
        api.await("/apps/v3/deployments/" + deployment, body -> body.get("ended_at") != null);
        look("/apps/v3/deployments/", "");
        get("/apps/v3/deployments/{uuid}/logs/", deployment);
        get("/apps/v3/deployments/{uuid}/environment-variables/", deployment);
        get("/apps/v3/environments/{uuid}/logs/", test);
        get("/apps/v3/environment-variables/?environment=" + test, "");
        call("PATCH", "/apps/v3/environments/{uuid}/", test, Map.of("branch", "main"));
        String copy = post("/apps/v3/environments/{uuid}/copy/", test, Map.of("new_slug", "copy"));
        look("/apps/v3/environments/", "");
        call("DELETE", "/apps/v3/service-instances/{uuid}/", api.find("copy", "DEFAULT", "DATABASE"), nothing);
        assertThat(copy).isEqualTo(sandbox.environmentId("copy"));

        Map<String, ?> ofDatabase = Map.of("environment", test, "services", List.of(database));
        post("/apps/v3/backups/", "", ofDatabase);
        post("/apps/v3/backups/upload/", "", ofDatabase);
        Api.MadeBackup backup = api.backUp("test", database);
        look("/apps/v3/backups/", "");
        look("/apps/v3/service-instance-backups/", "");
        String restore = post(
                "/apps/v3/backup-restores/",
                "",
                Map.of(
                        "backup",
                        backup.id(),
                        "service_instance_restores",
                        List.of(Map.of("service_instance_backup", backup.part()))));
        look("/apps/v3/backup-restores/", "");
        api.await("/apps/v3/backup-restores/" + restore, body -> Boolean.TRUE.equals(body.get("finished")));
        look("/apps/v3/backup-restores/", "");
        String download = post(
                "/apps/v3/backup-downloads/",
                "",
                Map.of("backup", backup.id(), "service_instance_backups", List.of(backup.part())));
        look("/apps/v3/backup-downloads/", "");
        look("/apps/v3/backup-download-service-instances/", "?backup=" + download);
    }

    Stream<String> operations() {
        List<String> operations = new ArrayList<>();
        object(schema, "paths")
                .forEach((path, methods) -> ((Map<?, ?>) methods)
                        .keySet()
                        .forEach(method ->
                                operations.add(method.toString().toUpperCase(java.util.Locale.ROOT) + " " + path)));
        return operations.stream();
    }

    private Map<String, Object> operation(String operation) {
        String[] parts = operation.split(" ");
        return object(object(object(schema, "paths"), parts[1]), parts[0].toLowerCase(java.util.Locale.ROOT));
    }

    @ParameterizedTest
    @MethodSource("operations")
    void answersAsItSays(String operation) {
        // The schema writes each path with the slash at its end.
        List<Api.Answer> ofThis =
                answers.getOrDefault(operation, answers.getOrDefault(operation.replaceAll("/$", ""), List.of()));
        assertThat(ofThis).as("answers to " + operation).isNotEmpty();
        Map<String, Object> responses = object(operation(operation), "responses");

        SoftAssertions soft = new SoftAssertions();
        for (Api.Answer answer : ofThis) {
            soft.assertThat(responses).containsOnlyKeys(Integer.toString(answer.status()));
            Map<String, Object> response = object(responses, Integer.toString(answer.status()));
            if (answer.status() == 204) {
                soft.assertThat(response).doesNotContainKey("content");
            } else if (response.containsKey("content")) {
                check(
                        soft,
                        operation,
                        object(object(object(response, "content"), "application/json"), "schema"),
                        answer.json());
            }
        }
        soft.assertAll();
    }

    private void check(SoftAssertions soft, String where, Map<String, Object> description, Object value) {
        Map<String, Object> type = resolve(description);
        if (value == null) {
            soft.assertThat(type).as(where + " is null").containsEntry("nullable", true);
            return;
        }
        if (type.isEmpty()) {
            return;
        }
        switch ((String) type.get("type")) {
            case "object" -> {
                soft.assertThat(value).as(where).isInstanceOf(Map.class);
                if (value instanceof Map<?, ?> && type.containsKey("properties")) {
                    Map<String, Object> properties = object(type, "properties");
                    Map<String, Object> fields = new LinkedHashMap<>();
                    ((Map<?, ?>) value).forEach((name, field) -> fields.put((String) name, field));
                    soft.assertThat(fields.keySet()).as(where).isEqualTo(properties.keySet());
                    fields.forEach((name, field) -> {
                        if (properties.containsKey(name)) {
                            check(soft, where + " " + name, object(properties, name), field);
                        }
                    });
                }
            }
            case "array" -> {
                soft.assertThat(value).as(where).isInstanceOf(List.class);
                if (value instanceof List<?> items) {
                    items.forEach(item -> check(soft, where + " item", object(type, "items"), item));
                }
            }
            case "string" -> {
                soft.assertThat(value).as(where).isInstanceOf(String.class);
                if ("date-time".equals(type.get("format"))) {
                    soft.assertThatCode(() -> Instant.parse((String) value))
                            .as(where)
                            .doesNotThrowAnyException();
                }
            }
            case "boolean" -> soft.assertThat(value).as(where).isInstanceOf(Boolean.class);
            case "integer" -> soft.assertThat(value).as(where).isInstanceOf(Long.class);
            case "number" -> soft.assertThat(value).as(where).isInstanceOf(Number.class);
            default -> soft.fail("%s has the unknown type %s", where, type);
        }
    }

    private Map<String, Object> resolve(Map<String, Object> description) {
        Object reference = description.get("$ref");
        if (reference == null) {
            return description;
        }
        String name = ((String) reference).substring("#/components/schemas/".length());
        return object(object(object(schema, "components"), "schemas"), name);
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        List<String> names = new ArrayList<>();
        collect(schema, names);

        assertThat(object(object(schema, "components"), "schemas").keySet()).containsAll(names);
    }

    private static void collect(Object value, List<String> names) {
        if (value instanceof Map<?, ?> map) {
            if (map.get("$ref") instanceof String reference) {
                names.add(reference.substring("#/components/schemas/".length()));
            }
            map.values().forEach(child -> collect(child, names));
        } else if (value instanceof List<?> list) {
            list.forEach(child -> collect(child, names));
        }
    }

    Stream<String> posts() {
        return operations().filter(operation -> operation.startsWith("POST "));
    }

    @ParameterizedTest
    @MethodSource("posts")
    void takesWhatOptionsSay(String operation) {
        String path = operation.split(" ")[1];
        Map<String, Object> actions = object(
                api.send("OPTIONS", path.replace("{uuid}", "any"), Map.of()).body(), "actions");
        Map<String, Object> body =
                object(object(object(operation(operation), "requestBody"), "content"), "application/json");

        Map<String, Object> properties = object(resolve(object(body, "schema")), "properties");
        assertThat(object(actions, "POST").keySet()).isEqualTo(properties.keySet());
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Map<String, Object> parent, String name) {
        assertThat(parent).containsKey(name);
        return (Map<String, Object>) parent.get(name);
    }
}
