package io.github.divio4j.client.internal;

import io.github.divio4j.client.internal.wire.WireApplication;
import io.github.divio4j.client.internal.wire.WireNewApplication;
import io.github.divio4j.client.internal.wire.WirePage;
import io.github.divio4j.client.internal.wire.WithNulls;
import org.jspecify.annotations.Nullable;
import retrofit2.http.Body;
import retrofit2.http.GET;
import retrofit2.http.POST;
import retrofit2.http.Path;
import retrofit2.http.Query;
import retrofit2.http.Url;

/** The calls of applications. */
public interface ApplicationsApi {
    /** Lists. */
    @GET("/apps/v3/applications/")
    Call<WirePage<WireApplication>> list(
            @Query("slug") @Nullable String slug, @Query("page_size") @Nullable Integer pageSize);

    /** Reads a later page. */
    @GET
    Call<WirePage<WireApplication>> page(@Url String url);

    /** Reads one. */
    @GET("/apps/v3/applications/{id}/")
    Call<WireApplication> get(@Path("id") String id);

    /** Creates one. */
    @POST("/apps/v3/applications/")
    Call<WireApplication> create(@Body @WithNulls WireNewApplication body);
}
