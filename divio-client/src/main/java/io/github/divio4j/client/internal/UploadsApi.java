package io.github.divio4j.client.internal;

import io.github.divio4j.client.internal.wire.WireNewUpload;
import io.github.divio4j.client.internal.wire.WireUpload;
import retrofit2.http.Body;
import retrofit2.http.POST;

/** The calls of uploads. */
public interface UploadsApi {
    /** Creates one. */
    @POST("/apps/v3/backups/upload/")
    Call<WireUpload> create(@Body WireNewUpload body);
}
