package io.github.divio4j.client.internal;

import io.github.divio4j.client.internal.wire.WireBranch;
import io.github.divio4j.client.internal.wire.WireEnvironment;
import io.github.divio4j.client.internal.wire.WireEnvironmentCopy;
import io.github.divio4j.client.internal.wire.WireLogLine;
import io.github.divio4j.client.internal.wire.WirePage;
import org.jspecify.annotations.Nullable;
import retrofit2.http.Body;
import retrofit2.http.GET;
import retrofit2.http.PATCH;
import retrofit2.http.POST;
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

    /** Copies one. */
    @POST("/apps/v3/environments/{id}/copy/")
    Call<WireEnvironment> copy(@Path("id") String id, @Body WireEnvironmentCopy body);

    /** Changes one. */
    @PATCH("/apps/v3/environments/{id}/")
    Call<Void> update(@Path("id") String id, @Body WireBranch body);

    /** Reads the log. */
    @GET("/apps/v3/environments/{id}/logs/")
    Call<WirePage<WireLogLine>> log(@Path("id") String id, @Query("from_ts") @Nullable String from);

    /** Reads a later part of the log. */
    @GET
    Call<WirePage<WireLogLine>> logPage(@Url String url);
}
