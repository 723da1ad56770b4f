package io.github.divio4j.client.internal;

import io.github.divio4j.client.internal.wire.WirePage;
import io.github.divio4j.client.internal.wire.WireServiceInstanceBackup;
import org.jspecify.annotations.Nullable;
import retrofit2.http.GET;
import retrofit2.http.Path;
import retrofit2.http.Query;
import retrofit2.http.Url;

/** The calls of the parts of backups. */
public interface ServiceInstanceBackupsApi {
    /** Lists. */
    @GET("/apps/v3/service-instance-backups/")
    Call<WirePage<WireServiceInstanceBackup>> list(
            @Query("backup") @Nullable String backup, @Query("page_size") @Nullable Integer pageSize);

    /** Reads a later page. */
    @GET
    Call<WirePage<WireServiceInstanceBackup>> page(@Url String url);

    /** Reads one. */
    @GET("/apps/v3/service-instance-backups/{id}/")
    Call<WireServiceInstanceBackup> get(@Path("id") String id);
}
