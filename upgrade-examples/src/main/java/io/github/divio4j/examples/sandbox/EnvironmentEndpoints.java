package io.github.divio4j.examples.sandbox;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Environments with their logs and variables, and their deployments. */
final class EnvironmentEndpoints {
    private static final int LOG_LINES_PER_PAGE = 100;

    private static final Shape ENVIRONMENT = Shape.of(
            "Environment",
            Field.id("uuid"),
            Field.id("application"),
            Field.slug("slug"),
            Field.text("branch"),
            Field.datetime("created_at"),
            Field.object("last_finished_deployment").orNull());
    private static final Shape ENVIRONMENT_DETAIL = Shape.of(
            "EnvironmentDetail",
            Stream.concat(ENVIRONMENT.fields().stream(), Stream.of(Field.object("ssh_endpoint")))
                    .toArray(Field[]::new));
    private static final Shape CHANGE = Shape.of("PatchedEnvironmentRequest", Field.text("branch"));
    private static final Shape COPY =
            Shape.of("EnvironmentCopyRequest", Field.slug("new_slug").mandatory());
    private static final Shape LOGS = Shape.of(
            "EnvironmentLogs",
            Field.url("next"),
            Field.url("previous").orNull(),
            Field.objects(
                    "results",
                    Shape.of(
                            "EnvironmentLogLine",
                            Field.datetime("timestamp"),
                            Field.text("service"),
                            Field.text("message"))));
    private static final Shape VARIABLE = Shape.of(
            "EnvironmentVariable",
            Field.id("uuid"),
            Field.id("environment"),
            Field.text("name"),
            Field.text("value"),
            Field.bool("is_sensitive"));
    private static final Shape DEPLOYMENT = Shape.of(
            "Deployment",
            Field.id("uuid"),
            Field.id("environment"),
            Field.text("build_mode"),
            Field.text("status"),
            Field.bool("success").orNull(),
            Field.number("percent"),
            Field.datetime("started_at"),
            Field.datetime("ended_at").orNull(),
            Field.ids("environment_variables"));
    private static final Shape DEPLOY = Shape.of(
            "DeploymentRequest",
            Field.id("environment").mandatory(),
            Field.text("build_mode").oneOf("AUTO", "ADOPT", "FORCE"));
    private static final Shape DEPLOYMENT_LOGS = Shape.of("DeploymentLogs", Field.id("uuid"), Field.notes("logs"));
    private static final Shape DEPLOYMENT_VARIABLES = Shape.of(
            "DeploymentEnvironmentVariables",
            Field.id("uuid"),
            Field.id("environment"),
            Field.object("environment_variables"));

    private final World world;
    private final URI baseUrl;
    private final Environments environments;
    private final ServiceInstances instances;
    private final Deployments deployments;
    private final @Nullable SshGate gate;

    EnvironmentEndpoints(
            World world,
            URI baseUrl,
            Environments environments,
            ServiceInstances instances,
            Deployments deployments,
            @Nullable SshGate gate) {
        this.world = world;
        this.baseUrl = baseUrl;
        this.environments = environments;
        this.instances = instances;
        this.deployments = deployments;
        this.gate = gate;
    }

    void addTo(RouteTable routes) {
        routes.add(Route.list(
                "/apps/v3/environments/", "ListEnvironments", ENVIRONMENT, List.of("application", "slug"), this::list));
        routes.add(Route.get(
                "/apps/v3/environments/{uuid}/",
                "GetEnvironment",
                ENVIRONMENT_DETAIL,
                request -> ApiResponse.ok(renderDetail(world.environments.get(request.id())))));
        routes.add(Route.patch(
                "/apps/v3/environments/{uuid}/", "PatchEnvironment", CHANGE, ENVIRONMENT_DETAIL, this::change));
        routes.add(Route.post(
                "/apps/v3/environments/{uuid}/copy/", "CopyEnvironment", 201, COPY, ENVIRONMENT_DETAIL, this::copy));
        routes.add(Route.get("/apps/v3/environments/{uuid}/logs/", "GetEnvironmentLogs", LOGS, this::logs));
        routes.add(Route.list(
                "/apps/v3/environment-variables/",
                "ListEnvironmentVariables",
                VARIABLE,
                List.of("application", "environment", "name"),
                this::listVariables));
        routes.add(Route.list(
                "/apps/v3/deployments/",
                "ListDeployments",
                DEPLOYMENT,
                List.of("application", "environment"),
                this::listDeployments));
        routes.add(Route.post("/apps/v3/deployments/", "CreateDeployment", 201, DEPLOY, DEPLOYMENT, this::deploy));
        routes.add(Route.get(
                "/apps/v3/deployments/{uuid}/",
                "GetDeployment",
                DEPLOYMENT,
                request -> ApiResponse.ok(render(world.deployments.get(request.id())))));
        routes.add(Route.get(
                "/apps/v3/deployments/{uuid}/logs/", "GetDeploymentLogs", DEPLOYMENT_LOGS, this::deploymentLogs));
        routes.add(Route.get(
                "/apps/v3/deployments/{uuid}/environment-variables/",
                "GetDeploymentEnvironmentVariables",
                DEPLOYMENT_VARIABLES,
                this::deploymentVariables));
    }

    private ApiResponse list(ApiRequest request) {
        List<String> applications = request.parameters("application");
        List<String> slugs = request.parameters("slug");
        return Page.of(
                baseUrl,
                request,
                world.environments.all().stream()
                        .filter(environment ->
                                applications.isEmpty() || applications.contains(environment.application.id()))
                        .filter(environment -> slugs.isEmpty() || slugs.contains(environment.slug))
                        .toList(),
                EnvironmentEndpoints::render);
    }

    private ApiResponse change(ApiRequest request) {
        Environment environment = world.environments.get(request.id());
        Input input = CHANGE.readPartially(request.body());
        input.check();
        environment.branch = input.textOr("branch", environment.branch);
        return ApiResponse.ok(renderDetail(environment));
    }

    private ApiResponse copy(ApiRequest request) {
        Environment original = world.environments.get(request.id());
        Input input = COPY.read(request.body());
        String slug = input.text("new_slug");
        if (slug != null && environments.exists(original.application, slug)) {
            input.reject("new_slug", "An environment with this slug already exists.");
        }
        input.check();
        return ApiResponse.created(renderDetail(environments.copy(original, Objects.requireNonNull(slug), instances)));
    }

    private ApiResponse logs(ApiRequest request) {
        Environment environment = world.environments.get(request.id());
        long after =
                request.parameter("after").map(EnvironmentEndpoints::position).orElse(0L);
        Optional<Instant> from = request.parameter("from_ts").map(EnvironmentEndpoints::instant);
        Optional<Instant> to = request.parameter("to_ts").map(EnvironmentEndpoints::instant);
        List<Environment.LogLine> lines = environment.log().stream()
                .filter(line -> line.number() >= after)
                .filter(line -> from.isEmpty() || !line.timestamp().isBefore(from.get()))
                .filter(line -> to.isEmpty() || !line.timestamp().isAfter(to.get()))
                .limit(LOG_LINES_PER_PAGE)
                .toList();
        long end = lines.size() < LOG_LINES_PER_PAGE
                ? environment.endOfLog()
                : lines.get(lines.size() - 1).number() + 1;
        String self = baseUrl + request.path() + "?"
                + Stream.of("from_ts", "to_ts")
                        .flatMap(name -> request.parameter(name).stream()
                                .map(value -> name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8) + "&"))
                        .collect(Collectors.joining())
                + "after=";
        return ApiResponse.ok(new JsonObject()
                .put("next", self + end)
                .put("previous", self + after)
                .put(
                        "results",
                        lines.stream()
                                .map(line -> new JsonObject()
                                        .put("timestamp", line.timestamp())
                                        .put("service", line.service())
                                        .put("message", line.message())
                                        .fields())
                                .toList())
                .fields());
    }

    private static long position(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw ApiException.invalid(Map.of("after", List.of("A valid integer is required.")));
        }
    }

    private static Instant instant(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw ApiException.refused("Not a timestamp: " + text);
        }
    }

    private record Owned(Environment environment, Environment.UserVariable variable) {}

    private ApiResponse listVariables(ApiRequest request) {
        List<String> applications = request.parameters("application");
        List<String> ids = request.parameters("environment");
        List<String> names = request.parameters("name");
        if (applications.isEmpty() && ids.isEmpty()) {
            throw ApiException.refused("Filter by application or environment.");
        }
        return Page.of(
                baseUrl,
                request,
                world.environments.all().stream()
                        .filter(environment ->
                                applications.isEmpty() || applications.contains(environment.application.id()))
                        .filter(environment -> ids.isEmpty() || ids.contains(environment.id))
                        .flatMap(environment -> environment.variables.values().stream()
                                .map(variable -> new Owned(environment, variable)))
                        .filter(owned -> names.isEmpty()
                                || names.contains(owned.variable().name()))
                        .toList(),
                EnvironmentEndpoints::render);
    }

    private ApiResponse listDeployments(ApiRequest request) {
        List<String> applications = request.parameters("application");
        List<String> ids = request.parameters("environment");
        return Page.of(
                baseUrl,
                request,
                world.deployments.newestFirst().stream()
                        .filter(deployment -> applications.isEmpty()
                                || applications.contains(deployment.environment.application.id()))
                        .filter(deployment -> ids.isEmpty() || ids.contains(deployment.environment.id))
                        .toList(),
                this::render);
    }

    private ApiResponse deploy(ApiRequest request) {
        Input input = DEPLOY.read(request.body());
        String id = input.text("environment");
        Optional<Environment> environment = id == null ? Optional.empty() : world.environments.find(id);
        if (id != null && environment.isEmpty()) {
            input.rejectUnknown("environment", id);
        }
        input.check();
        return ApiResponse.created(
                render(deployments.start(environment.orElseThrow(), input.textOr("build_mode", "AUTO"))));
    }

    private ApiResponse deploymentLogs(ApiRequest request) {
        Deployment deployment = world.deployments.get(request.id());
        return ApiResponse.ok(new JsonObject()
                .put("uuid", deployment.id)
                .put("logs", deployment.log.toString())
                .fields());
    }

    private ApiResponse deploymentVariables(ApiRequest request) {
        Deployment deployment = world.deployments.get(request.id());
        return ApiResponse.ok(new JsonObject()
                .put("uuid", deployment.id)
                .put("environment", deployment.environment.id)
                .put("environment_variables", deployment.variables)
                .fields());
    }

    private static Map<String, @Nullable Object> render(Environment environment) {
        return object(environment).fields();
    }

    private Map<String, @Nullable Object> renderDetail(Environment environment) {
        return object(environment)
                .put(
                        "ssh_endpoint",
                        new JsonObject()
                                .put("host", gate == null ? "ssh.sandbox.invalid" : SshGate.HOST)
                                .put("port", gate == null ? 22 : gate.port())
                                .put("user", environment.id)
                                .fields())
                .fields();
    }

    private static JsonObject object(Environment environment) {
        Deployment last = environment.lastFinished;
        return new JsonObject()
                .put("uuid", environment.id)
                .put("application", environment.application.id())
                .put("slug", environment.slug)
                .put("branch", environment.branch)
                .put("created_at", environment.createdAt)
                .put(
                        "last_finished_deployment",
                        last == null
                                ? null
                                : new JsonObject()
                                        .put("uuid", last.id)
                                        .put("success", last.success)
                                        .put("ended_at", last.endedAt)
                                        .fields());
    }

    private static Map<String, @Nullable Object> render(Owned owned) {
        Environment.UserVariable variable = owned.variable();
        JsonObject object = new JsonObject()
                .put("uuid", variable.id())
                .put("environment", owned.environment().id)
                .put("name", variable.name());
        if (!variable.sensitive()) {
            object.put("value", variable.value());
        }
        return object.put("is_sensitive", variable.sensitive()).fields();
    }

    private Map<String, @Nullable Object> render(Deployment deployment) {
        return new JsonObject()
                .put("uuid", deployment.id)
                .put("environment", deployment.environment.id)
                .put("build_mode", deployment.buildMode)
                .put("status", deployment.status())
                .put("success", deployment.success)
                .put("percent", deployments.percent(deployment))
                .put("started_at", deployment.startedAt)
                .put("ended_at", deployment.endedAt)
                .put("environment_variables", List.copyOf(deployment.variables.keySet()))
                .fields();
    }
}
