package io.github.divio4j.client.internal;

import io.github.divio4j.client.internal.wire.WireEnvironmentVariable;
import io.github.divio4j.client.internal.wire.WirePage;
import org.jspecify.annotations.Nullable;
import retrofit2.http.GET;
import retrofit2.http.Query;
import retrofit2.http.Url;

/** The calls of environment variables. */
public interface EnvironmentVariablesApi {
    /** Lists. */
    @GET("/apps/v3/environment-variables/")
    Call<WirePage<WireEnvironmentVariable>> list(
            @Query("application") @Nullable String application,
            @Query("environment") @Nullable String environment,
            @Query("name") @Nullable String name,
            @Query("page_size") @Nullable Integer pageSize);

    /** Reads a later page. */
    @GET
    Call<WirePage<WireEnvironmentVariable>> page(@Url String url);
}
