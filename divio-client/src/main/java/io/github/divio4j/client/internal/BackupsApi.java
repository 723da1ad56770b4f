package io.github.divio4j.client.internal;

import io.github.divio4j.client.internal.wire.WireBackup;
import io.github.divio4j.client.internal.wire.WireNewBackup;
import io.github.divio4j.client.internal.wire.WirePage;
import org.jspecify.annotations.Nullable;
import retrofit2.http.Body;
import retrofit2.http.GET;
import retrofit2.http.POST;
import retrofit2.http.Path;
import retrofit2.http.Query;
import retrofit2.http.Url;

/** The calls of backups. */
public interface BackupsApi {
    /** Lists. */
    @GET("/apps/v3/backups/")
    Call<WirePage<WireBackup>> list(
            @Query("environment") @Nullable String environment, @Query("page_size") @Nullable Integer pageSize);

    /** Reads a later page. */
    @GET
    Call<WirePage<WireBackup>> page(@Url String url);

    /** Reads one. */
    @GET("/apps/v3/backups/{id}/")
    Call<WireBackup> get(@Path("id") String id);

    /** Creates one. */
    @POST("/apps/v3/backups/")
    Call<WireBackup> create(@Body WireNewBackup body);
}
