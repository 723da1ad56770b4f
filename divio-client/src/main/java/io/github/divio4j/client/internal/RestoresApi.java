package io.github.divio4j.client.internal;

import io.github.divio4j.client.internal.wire.WireNewRestore;
import io.github.divio4j.client.internal.wire.WirePage;
import io.github.divio4j.client.internal.wire.WireRestore;
import org.jspecify.annotations.Nullable;
import retrofit2.http.Body;
import retrofit2.http.GET;
import retrofit2.http.POST;
import retrofit2.http.Path;
import retrofit2.http.Query;
import retrofit2.http.Url;

/** The calls of restores. */
public interface RestoresApi {
    /** Lists. */
    @GET("/apps/v3/backup-restores/")
    Call<WirePage<WireRestore>> list(@Query("page_size") @Nullable Integer pageSize);

    /** Reads a later page. */
    @GET
    Call<WirePage<WireRestore>> page(@Url String url);

    /** Reads one. */
    @GET("/apps/v3/backup-restores/{id}/")
    Call<WireRestore> get(@Path("id") String id);

    /** Creates one. */
    @POST("/apps/v3/backup-restores/")
    Call<WireRestore> create(@Body WireNewRestore body);
}
