package io.github.divio4j.examples.sandbox;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The user, the organisation, and what an application can be made from. */
final class AccountEndpoints {
    private static final Shape ME = Shape.of(
            "User", Field.id("uuid"), Field.text("email"), Field.notes("first_name"), Field.notes("last_name"));
    private static final Shape ORGANISATION =
            Shape.of("Organisation", Field.id("uuid"), Field.text("name"), Field.datetime("created_at"));
    private static final Shape PLAN_GROUP =
            Shape.of("ApplicationPlanGroup", Field.id("uuid"), Field.text("name"), Field.ids("regions"));
    private static final Shape TEMPLATE = Shape.of(
            "AppTemplate",
            Field.id("uuid"),
            Field.text("name"),
            Field.url("url"),
            Field.objects("release_commands", ApplicationEndpoints.RELEASE_COMMAND),
            Field.list("services").orNull());

    private final World world;
    private final URI baseUrl;
    private final Instant createdAt;

    AccountEndpoints(World world, URI baseUrl) {
        this.world = world;
        this.baseUrl = baseUrl;
        this.createdAt = world.now();
    }

    void addTo(RouteTable routes) {
        routes.add(Route.get("/iam/v3/me/", "GetMe", ME, request -> ApiResponse.ok(me())));
        addCollection(routes, "/iam/v3/organisations/", "Organisation", ORGANISATION, List.of(), organisation());
        addCollection(
                routes,
                "/billing/v3/application-plan-groups/",
                "ApplicationPlanGroup",
                PLAN_GROUP,
                List.of("organisation"),
                planGroup());
        addCollection(routes, "/apps/v3/app-templates/", "AppTemplate", TEMPLATE, List.of(), template());
    }

    /** A collection that holds one thing. */
    private void addCollection(
            RouteTable routes,
            String path,
            String name,
            Shape shape,
            List<String> parameters,
            Map<String, @Nullable Object> only) {
        routes.add(Route.list(
                path,
                "List" + name + "s",
                shape,
                parameters,
                request -> Page.of(baseUrl, request, List.of(only), element -> element)));
        routes.add(Route.get(path + "{uuid}/", "Get" + name, shape, request -> {
            if (!Objects.equals(only.get("uuid"), request.id())) {
                throw ApiException.notFound();
            }
            return ApiResponse.ok(only);
        }));
    }

    private Map<String, @Nullable Object> me() {
        return new JsonObject()
                .put("uuid", world.account.userId())
                .put("email", "developer@sandbox.invalid")
                .put("first_name", "Sandbox")
                .put("last_name", "Developer")
                .fields();
    }

    private Map<String, @Nullable Object> organisation() {
        return new JsonObject()
                .put("uuid", world.account.organisationId())
                .put("name", "Sandbox")
                .put("created_at", createdAt)
                .fields();
    }

    private Map<String, @Nullable Object> planGroup() {
        return new JsonObject()
                .put("uuid", world.account.planGroupId())
                .put("name", "Sandbox")
                .put("regions", List.of(world.region.id()))
                .fields();
    }

    private Map<String, @Nullable Object> template() {
        String id = world.account.appTemplateId();
        return new JsonObject()
                .put("uuid", id)
                .put("name", "Order book")
                .put("url", baseUrl + "/apps/v3/app-templates/" + id + "/")
                .put("release_commands", List.of(Map.of("label", "Migrate", "command", "order-book migrate")))
                .put("services", null)
                .fields();
    }
}
