package io.github.divio4j.client.internal;

import io.github.divio4j.client.internal.wire.WireId;
import io.github.divio4j.client.internal.wire.WireNewDownload;
import io.github.divio4j.client.internal.wire.WirePage;
import io.github.divio4j.client.internal.wire.WireServiceInstanceDownload;
import org.jspecify.annotations.Nullable;
import retrofit2.http.Body;
import retrofit2.http.GET;
import retrofit2.http.POST;
import retrofit2.http.Path;
import retrofit2.http.Query;
import retrofit2.http.Url;

/** The calls of downloads. */
public interface DownloadsApi {
    /** Creates one. */
    @POST("/apps/v3/backup-downloads/")
    Call<WireId> create(@Body WireNewDownload body);

    /** Lists the parts; the parameter named backup takes the id of the download. */
    @GET("/apps/v3/backup-download-service-instances/")
    Call<WirePage<WireServiceInstanceDownload>> list(
            @Query("backup") String download, @Query("page_size") @Nullable Integer pageSize);

    /** Reads a later page. */
    @GET
    Call<WirePage<WireServiceInstanceDownload>> page(@Url String url);

    /** Reads a part. */
    @GET("/apps/v3/backup-download-service-instances/{id}")
    Call<WireServiceInstanceDownload> get(@Path("id") String id);
}
