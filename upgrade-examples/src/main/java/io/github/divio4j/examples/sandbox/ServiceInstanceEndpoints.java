package io.github.divio4j.examples.sandbox;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The catalogue of services, and the services in the environments. */
final class ServiceInstanceEndpoints {
    private static final Shape SERVICE = Shape.of(
            "Service",
            Field.id("uuid"),
            Field.text("name"),
            Field.text("type"),
            Field.text("identifier"),
            Field.text("description"),
            Field.id("region"));
    private static final Shape REGION = Shape.of("Region", Field.id("uuid"), Field.text("name"));
    private static final Shape INSTANCE = Shape.of(
            "ServiceInstance",
            Field.id("uuid"),
            Field.id("environment"),
            Field.id("region"),
            Field.id("service"),
            Field.text("type"),
            Field.text("prefix"),
            Field.text("service_status"),
            Field.datetime("created_at"),
            Field.ids("errors"));
    private static final Shape CREATE = Shape.of(
            "ServiceInstanceRequest",
            Field.id("environment").mandatory(),
            Field.id("region").mandatory(),
            Field.id("service").mandatory(),
            Field.text("prefix").mandatory());
    private static final Shape CHANGE = Shape.of("PatchedServiceInstanceRequest", Field.text("prefix"));
    private static final Shape NOTHING = Shape.of("EmptyRequest");

    private final World world;
    private final URI baseUrl;
    private final ServiceInstances instances;

    ServiceInstanceEndpoints(World world, URI baseUrl, ServiceInstances instances) {
        this.world = world;
        this.baseUrl = baseUrl;
        this.instances = instances;
    }

    void addTo(RouteTable routes) {
        routes.add(Route.list(
                "/apps/v3/services/",
                "ListServices",
                SERVICE,
                List.of("region", "website", "application"),
                this::listServices));
        routes.add(Route.get(
                "/apps/v3/services/{uuid}/",
                "GetService",
                SERVICE,
                request -> ApiResponse.ok(render(world.services.get(request.id())))));
        routes.add(Route.list("/apps/v3/regions/", "ListRegions", REGION, List.of("uuid"), this::listRegions));
        routes.add(Route.get("/apps/v3/regions/{uuid}/", "GetRegion", REGION, this::getRegion));
        routes.add(Route.list(
                "/apps/v3/service-instances/", "ListServiceInstances", INSTANCE, List.of("environment"), this::list));
        routes.add(Route.post(
                "/apps/v3/service-instances/", "CreateServiceInstance", 201, CREATE, INSTANCE, this::create));
        routes.add(Route.get(
                "/apps/v3/service-instances/{uuid}/",
                "GetServiceInstance",
                INSTANCE,
                request -> ApiResponse.ok(render(world.instances.get(request.id())))));
        routes.add(Route.patch(
                "/apps/v3/service-instances/{uuid}/", "PatchServiceInstance", CHANGE, INSTANCE, this::rename));
        routes.add(Route.delete("/apps/v3/service-instances/{uuid}/", "DeleteServiceInstance", request -> {
            instances.delete(world.instances.get(request.id()));
            return ApiResponse.empty(204);
        }));
        addAction(routes, "provision", "ProvisionServiceInstance", 202, instances::provision);
        addAction(routes, "detach", "DetachServiceInstance", 200, instances::detach);
        addAction(routes, "attach", "AttachServiceInstance", 200, instances::attach);
    }

    private void addAction(RouteTable routes, String verb, String name, int status, Consumer<ServiceInstance> action) {
        routes.add(Route.post(
                "/apps/v3/service-instances/{uuid}/" + verb + "/", name, status, NOTHING, INSTANCE, request -> {
                    ServiceInstance instance = world.instances.get(request.id());
                    action.accept(instance);
                    return ApiResponse.of(status, render(instance));
                }));
    }

    private ApiResponse listServices(ApiRequest request) {
        List<String> regions = request.parameters("region");
        return Page.of(
                baseUrl,
                request,
                world.services.all().stream()
                        .filter(service -> regions.isEmpty()
                                || regions.contains(service.region().id()))
                        .toList(),
                ServiceInstanceEndpoints::render);
    }

    private ApiResponse listRegions(ApiRequest request) {
        List<String> ids = request.parameters("uuid");
        return Page.of(
                baseUrl,
                request,
                List.of(world.region).stream()
                        .filter(region -> ids.isEmpty() || ids.contains(region.id()))
                        .toList(),
                ServiceInstanceEndpoints::render);
    }

    private ApiResponse getRegion(ApiRequest request) {
        if (!request.id().equals(world.region.id())) {
            throw ApiException.notFound();
        }
        return ApiResponse.ok(render(world.region));
    }

    private ApiResponse list(ApiRequest request) {
        List<String> environments = request.parameters("environment");
        return Page.of(
                baseUrl,
                request,
                world.instances.all().stream()
                        .filter(instance -> environments.isEmpty() || environments.contains(instance.environment.id))
                        .toList(),
                ServiceInstanceEndpoints::render);
    }

    private ApiResponse create(ApiRequest request) {
        Input input = CREATE.read(request.body());
        Environment environment = find(input, "environment", world.environments);
        CatalogueService service = find(input, "service", world.services);
        String region = input.text("region");
        if (region != null && !region.equals(world.region.id())) {
            input.rejectUnknown("region", region);
        }
        String prefix = input.text("prefix");
        instances.checkPrefix(input, prefix, environment, service == null ? null : service.type(), null);
        input.check();
        return ApiResponse.created(render(instances.add(
                Objects.requireNonNull(environment), Objects.requireNonNull(service), Objects.requireNonNull(prefix))));
    }

    private static <T> @Nullable T find(Input input, String field, World.Table<T> table) {
        String id = input.text(field);
        if (id == null) {
            return null;
        }
        Optional<T> row = table.find(id);
        if (row.isEmpty()) {
            input.rejectUnknown(field, id);
        }
        return row.orElse(null);
    }

    private ApiResponse rename(ApiRequest request) {
        ServiceInstance instance = world.instances.get(request.id());
        Input input = CHANGE.readPartially(request.body());
        String prefix = input.text("prefix");
        instances.checkPrefix(input, prefix, instance.environment, instance.service.type(), instance);
        input.check();
        if (prefix != null) {
            instance.prefix = prefix;
        }
        return ApiResponse.ok(render(instance));
    }

    private static Map<String, @Nullable Object> render(CatalogueService service) {
        return new JsonObject()
                .put("uuid", service.id())
                .put("name", service.name())
                .put("type", service.type())
                .put("identifier", service.identifier())
                .put("description", service.description())
                .put("region", service.region().id())
                .fields();
    }

    private static Map<String, @Nullable Object> render(Region region) {
        return new JsonObject()
                .put("uuid", region.id())
                .put("name", region.name())
                .fields();
    }

    private static Map<String, @Nullable Object> render(ServiceInstance instance) {
        return new JsonObject()
                .put("uuid", instance.id)
                .put("environment", instance.environment.id)
                .put("region", instance.service.region().id())
                .put("service", instance.service.id())
                .put("type", instance.service.type())
                .put("prefix", instance.prefix)
                .put("service_status", instance.status.name())
                .put("created_at", instance.createdAt)
                .put("errors", instance.errors)
                .fields();
    }
}
