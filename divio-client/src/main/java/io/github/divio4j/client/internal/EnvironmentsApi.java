package io.github.divio4j.client.internal;

import io.github.divio4j.client.internal.wire.WireEnvironment;
import io.github.divio4j.client.internal.wire.WirePage;
import org.jspecify.annotations.Nullable;
import retrofit2.Call;
import retrofit2.http.GET;
import retrofit2.http.Path;
import retrofit2.http.Query;
import retrofit2.http.Url;

/** The calls of environments. */
public interface EnvironmentsApi {
    /** Lists. */
    @GET("/apps/v3/environments/")
    Call<WirePage<WireEnvironment>> list(
            @Query("application") @Nullable String application,
            @Query("slug") @Nullable String slug,
            @Query("page_size") @Nullable Integer pageSize);

    /** Reads a later page. */
    @GET
    Call<WirePage<WireEnvironment>> page(@Url String url);

    /** Reads one. */
    @GET("/apps/v3/environments/{id}/")
    Call<WireEnvironment> get(@Path("id") String id);
}
