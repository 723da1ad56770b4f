package io.github.divio4j.client.internal;

import io.github.divio4j.client.internal.wire.WirePage;
import io.github.divio4j.client.internal.wire.WireService;
import org.jspecify.annotations.Nullable;
import retrofit2.http.GET;
import retrofit2.http.Path;
import retrofit2.http.Query;
import retrofit2.http.Url;

/** The calls of the service catalogue. */
public interface ServicesApi {
    /** Lists. */
    @GET("/apps/v3/services/")
    Call<WirePage<WireService>> list(
            @Query("region") @Nullable String region,
            @Query("website") @Nullable String application,
            @Query("page_size") @Nullable Integer pageSize);

    /** Reads a later page. */
    @GET
    Call<WirePage<WireService>> page(@Url String url);

    /** Reads one. */
    @GET("/apps/v3/services/{id}/")
    Call<WireService> get(@Path("id") String id);
}
