package io.github.divio4j.examples.sandbox;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Cuts a list into the pages of the API. */
final class Page {
    static final int DEFAULT_SIZE = 20;
    private static final int LARGEST_SIZE = 100;

    private Page() {}

    static <T> ApiResponse of(
            URI baseUrl, ApiRequest request, List<T> rows, Function<T, Map<String, @Nullable Object>> render) {
        int size = Math.min(positive(request.parameter("page_size").orElse(""), DEFAULT_SIZE), LARGEST_SIZE);
        String wanted = request.parameter("page").orElse("1");
        int pages = Math.max(1, (rows.size() + size - 1) / size);
        int page = wanted.equals("last") ? pages : positive(wanted, 0);
        if (page < 1 || page > pages) {
            throw ApiException.detail(404, "Invalid page.");
        }
        List<T> slice = rows.subList(Math.min(rows.size(), (page - 1) * size), Math.min(rows.size(), page * size));
        return ApiResponse.ok(new JsonObject()
                .put("count", rows.size())
                .put("next", page < pages ? link(baseUrl, request, page + 1) : null)
                .put("previous", page > 1 ? link(baseUrl, request, page - 1) : null)
                .put("results", slice.stream().map(render).toList())
                .fields());
    }

    private static int positive(String text, int otherwise) {
        try {
            int number = Integer.parseInt(text);
            return number > 0 ? number : otherwise;
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    private static String link(URI baseUrl, ApiRequest request, int page) {
        List<String> parts = new ArrayList<>();
        request.query().forEach((name, values) -> {
            if (!name.equals("page")) {
                values.forEach(value -> parts.add(encode(name) + "=" + encode(value)));
            }
        });
        // The first page has no number, as the framework writes it.
        if (page > 1) {
            parts.add("page=" + page);
        }
        String query = String.join("&", parts);
        return baseUrl + request.path() + (query.isEmpty() ? "" : "?" + query);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
