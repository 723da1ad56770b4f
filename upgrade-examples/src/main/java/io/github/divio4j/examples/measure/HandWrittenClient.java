package io.github.divio4j.examples.measure;

import com.squareup.moshi.Json;
import com.squareup.moshi.JsonAdapter;
import com.squareup.moshi.Moshi;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** What one writes by hand for two calls: OkHttp and Moshi, with no care for anything but good answers. */
final class HandWrittenClient implements AutoCloseable {
    private final OkHttpClient http = new OkHttpClient();
    private final JsonAdapter<Instance> instances;
    private final JsonAdapter<InstancePage> pages;
    private final HttpUrl baseUrl;
    private final String token;

    HandWrittenClient(String baseUrl, String token) {
        Moshi moshi = new Moshi.Builder().build();
        this.instances = moshi.adapter(Instance.class);
        this.pages = moshi.adapter(InstancePage.class);
        this.baseUrl = HttpUrl.get(baseUrl);
        this.token = token;
    }

    /** The same parts as the record of divio-client. */
    public record Instance(
            String uuid,
            @Nullable String environment,
            String prefix,
            String type,
            @Json(name = "service_status") String status,
            @Nullable String region,
            @Nullable String service) {}

    /** A page of a list. */
    public record InstancePage(
            List<Instance> results, @Nullable String next) {}

    Instance get(String id) throws IOException {
        return read(
                baseUrl.newBuilder()
                        .addPathSegments("apps/v3/service-instances")
                        .addPathSegment(id)
                        .addPathSegment("")
                        .build(),
                instances);
    }

    List<Instance> list(String environment, int pageSize) throws IOException {
        List<Instance> all = new ArrayList<>();
        HttpUrl url = baseUrl.newBuilder()
                .addPathSegments("apps/v3/service-instances/")
                .addQueryParameter("environment", environment)
                .addQueryParameter("page_size", Integer.toString(pageSize))
                .build();
        while (url != null) {
            InstancePage page = read(url, pages);
            all.addAll(page.results());
            url = page.next() == null ? null : HttpUrl.get(page.next());
        }
        return all;
    }

    private <T> T read(HttpUrl url, JsonAdapter<T> adapter) throws IOException {
        Request request = new Request.Builder()
                .url(url)
                .header("Authorization", "Token " + token)
                .header("Accept", "application/json")
                .build();
        try (Response response = http.newCall(request).execute()) {
            if (!response.isSuccessful()) {
                throw new IOException("HTTP " + response.code() + " from " + url);
            }
            T value = adapter.fromJson(response.body().source());
            if (value == null) {
                throw new IOException("no value from " + url);
            }
            return value;
        }
    }

    @Override
    public void close() {
        http.connectionPool().evictAll();
    }
}
