package io.github.divio4j.examples.sandbox;

import java.net.URI;
import java.util.List;

/** What the API tells about itself. */
final class RootEndpoints {
    private static final String ROOT = "/apps/v3/";

    private final URI baseUrl;

    RootEndpoints(URI baseUrl) {
        this.baseUrl = baseUrl;
    }

    void addTo(RouteTable routes) {
        routes.add(Route.get(ROOT, "GetRoot", null, request -> root(routes)).withoutToken());
        routes.add(Route.get(
                ROOT + "schema.json", "GetSchema", null, request -> ApiResponse.ok(OpenApi.document(routes.routes()))));
    }

    /** Every collection by its name and address. */
    private ApiResponse root(RouteTable routes) {
        JsonObject links = new JsonObject();
        for (Route route : routes.routes()) {
            List<String> segments = Route.segments(route.path());
            if (route.page() && segments.size() == 3 && route.path().startsWith(ROOT)) {
                links.put(segments.get(2), baseUrl + route.path());
            }
        }
        return ApiResponse.ok(links.fields());
    }
}
