package io.github.divio4j.examples.sandbox;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Applications and their repositories. */
final class ApplicationEndpoints {
    static final Shape RELEASE_COMMAND = Shape.of(
            "ReleaseCommand",
            Field.text("label").mandatory(),
            Field.text("command").mandatory());
    private static final Shape APPLICATION = Shape.of(
            "Application",
            Field.id("uuid"),
            Field.slug("slug"),
            Field.text("name"),
            Field.id("organisation"),
            Field.id("plan_group"),
            Field.id("region"),
            Field.text("branch"),
            Field.id("repository").orNull(),
            Field.url("app_template").orNull(),
            Field.objects("release_commands", RELEASE_COMMAND).orNull(),
            Field.datetime("created_at"));
    private static final Shape CREATE = Shape.of(
            "ApplicationRequest",
            Field.text("name").mandatory(),
            Field.slug("slug").mandatory(),
            Field.id("organisation").mandatory(),
            Field.id("plan_group").mandatory(),
            Field.id("region").mandatory(),
            Field.url("app_template").orNull(),
            Field.objects("release_commands", RELEASE_COMMAND).orNull(),
            Field.id("repository").orNull(),
            Field.text("branch"));
    private static final Shape REPOSITORY = Shape.of(
            "Repository",
            Field.id("uuid"),
            Field.id("organisation"),
            Field.text("url"),
            Field.text("dsn"),
            Field.text("state"),
            Field.text("auth_info"));
    private static final Shape REPOSITORY_REQUEST = Shape.of(
            "RepositoryRequest",
            Field.id("organisation").mandatory(),
            Field.text("url").mandatory(),
            Field.text("key_type").oneOf("ED25519", "ECDSA", "RSA"),
            Field.text("username"),
            Field.text("password"));
    private static final Shape CHECK_REQUEST =
            Shape.of("RepositoryCheckRequest", Field.text("branch"), Field.notes("migrate"));
    private static final Shape CHECK = Shape.of("RepositoryCheck", Field.text("code"));

    private final World world;
    private final URI baseUrl;
    private final Environments environments;
    private final Operations operations;

    ApplicationEndpoints(World world, URI baseUrl, Environments environments, Operations operations) {
        this.world = world;
        this.baseUrl = baseUrl;
        this.environments = environments;
        this.operations = operations;
    }

    void addTo(RouteTable routes) {
        routes.add(Route.list(
                "/apps/v3/applications/",
                "ListApplications",
                APPLICATION,
                List.of("slug", "name_search", "organisation"),
                this::list));
        routes.add(Route.post("/apps/v3/applications/", "CreateApplication", 201, CREATE, APPLICATION, this::create));
        routes.add(Route.get(
                "/apps/v3/applications/{uuid}/",
                "GetApplication",
                APPLICATION,
                request -> ApiResponse.ok(render(world.applications.get(request.id())))));
        routes.add(Route.post(
                "/apps/v3/repositories/",
                "CreateRepository",
                201,
                REPOSITORY_REQUEST,
                REPOSITORY,
                this::createRepository));
        routes.add(Route.get(
                "/apps/v3/repositories/{uuid}/",
                "GetRepository",
                REPOSITORY,
                request -> ApiResponse.ok(render(world.repositories.get(request.id())))));
        routes.add(Route.post(
                "/apps/v3/repositories/{uuid}/check/",
                "CheckRepository",
                200,
                CHECK_REQUEST,
                CHECK,
                this::checkRepository));
    }

    private ApiResponse list(ApiRequest request) {
        List<String> slugs = request.parameters("slug");
        List<String> organisations = request.parameters("organisation");
        Optional<String> search = request.parameter("name_search");
        return Page.of(
                baseUrl,
                request,
                world.applications.all().stream()
                        .filter(application -> slugs.isEmpty() || slugs.contains(application.slug()))
                        .filter(application ->
                                organisations.isEmpty() || organisations.contains(application.organisationId()))
                        .filter(application ->
                                search.isEmpty() || application.name().contains(search.get()))
                        .toList(),
                ApplicationEndpoints::render);
    }

    private ApiResponse create(ApiRequest request) {
        Input input = CREATE.read(request.body());
        String slug = input.text("slug");
        if (slug != null
                && world.applications.all().stream()
                        .anyMatch(other -> other.slug().equals(slug))) {
            input.reject("slug", "application with this slug already exists.");
        }
        expect(input, "organisation", world.account.organisationId());
        expect(input, "plan_group", world.account.planGroupId());
        expect(input, "region", world.region.id());
        String repository = input.text("repository");
        if (repository != null && world.repositories.find(repository).isEmpty()) {
            input.rejectUnknown("repository", repository);
        }
        input.check();
        Application application = new Application(
                world.ids.next(),
                Objects.requireNonNull(slug),
                Objects.requireNonNull(input.text("name")),
                world.account.organisationId(),
                world.account.planGroupId(),
                world.region,
                input.textOr("branch", "main"),
                repository,
                input.text("app_template"),
                request.body().get("release_commands"),
                world.now());
        world.applications.add(application.id(), application);
        environments.add(application, "test", application.branch());
        environments.add(application, "live", application.branch());
        return ApiResponse.created(render(application));
    }

    private static void expect(Input input, String field, String only) {
        String id = input.text(field);
        if (id != null && !id.equals(only)) {
            input.rejectUnknown(field, id);
        }
    }

    private ApiResponse createRepository(ApiRequest request) {
        Input input = REPOSITORY_REQUEST.read(request.body());
        expect(input, "organisation", world.account.organisationId());
        input.check();
        String keyType = input.textOr("key_type", "ED25519");
        Repository repository = new Repository(
                world.ids.next(),
                world.account.organisationId(),
                Objects.requireNonNull(input.text("url")),
                keyType,
                "ssh-" + keyType.toLowerCase(java.util.Locale.ROOT) + " " + world.ids.letters(40) + " sandbox");
        world.repositories.add(repository.id, repository);
        return ApiResponse.created(render(repository));
    }

    private ApiResponse checkRepository(ApiRequest request) {
        Repository repository = world.repositories.get(request.id());
        CHECK_REQUEST.read(request.body()).check();
        if (repository.state.equals("CLONED")) {
            return ApiResponse.ok(Map.of("code", "success"));
        }
        if (!repository.checking) {
            repository.checking = true;
            operations.start(
                    Operation.CLONE,
                    "",
                    () -> repository,
                    cloned -> world.update(() -> cloned.end("CLONED")),
                    error -> world.update(() -> repository.end("INVALID")));
        }
        return ApiResponse.ok(Map.of("code", "waiting"));
    }

    private static Map<String, @Nullable Object> render(Application application) {
        return new JsonObject()
                .put("uuid", application.id())
                .put("slug", application.slug())
                .put("name", application.name())
                .put("organisation", application.organisationId())
                .put("plan_group", application.planGroupId())
                .put("region", application.region().id())
                .put("branch", application.branch())
                .put("repository", application.repository())
                .put("app_template", application.appTemplate())
                .put("release_commands", application.releaseCommands())
                .put("created_at", application.createdAt())
                .fields();
    }

    private static Map<String, @Nullable Object> render(Repository repository) {
        return new JsonObject()
                .put("uuid", repository.id)
                .put("organisation", repository.organisationId)
                .put("url", repository.url)
                .put("dsn", repository.url)
                .put("state", repository.state)
                .put("auth_info", repository.publicKey)
                .fields();
    }
}
