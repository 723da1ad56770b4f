package io.github.divio4j.examples.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** All operations of the API. */
final class RouteTable {
    private final List<Route> routes = new ArrayList<>();

    void add(Route route) {
        routes.add(route);
    }

    List<Route> routes() {
        return routes;
    }

    /** A route with the path variables of the request that it was found for. */
    record Match(Route route, Map<String, String> variables) {}

    /** The routes of one path, one for each method; empty if there is no such path. */
    List<Match> find(String path) {
        List<String> segments = Route.segments(path);
        List<Match> matches = new ArrayList<>();
        for (Route route : routes) {
            route.match(segments).ifPresent(variables -> matches.add(new Match(route, variables)));
        }
        // A literal path ("backups/upload/") wins over one with a variable in its place ("backups/{uuid}/").
        boolean literal = matches.stream().anyMatch(match -> !match.route().hasVariables());
        return literal
                ? matches.stream()
                        .filter(match -> !match.route().hasVariables())
                        .toList()
                : matches;
    }

    static Optional<Match> withMethod(List<Match> matches, String method) {
        String wanted = method.equals("HEAD") ? "GET" : method;
        return matches.stream()
                .filter(match -> match.route().method().equals(wanted))
                .findFirst();
    }

    /** The value of an {@code Allow} header. */
    static String allowed(List<Match> matches) {
        TreeSet<String> methods = new TreeSet<>(List.of("OPTIONS"));
        for (Match match : matches) {
            methods.add(match.route().method());
            if (match.route().method().equals("GET")) {
                methods.add("HEAD");
            }
        }
        return String.join(", ", methods);
    }
}
