package io.github.divio4j.client.internal;

import io.github.divio4j.client.internal.wire.WireNewServiceInstance;
import io.github.divio4j.client.internal.wire.WireNothing;
import io.github.divio4j.client.internal.wire.WirePage;
import io.github.divio4j.client.internal.wire.WirePrefix;
import io.github.divio4j.client.internal.wire.WireServiceInstance;
import okio.Buffer;
import org.jspecify.annotations.Nullable;
import retrofit2.http.Body;
import retrofit2.http.DELETE;
import retrofit2.http.GET;
import retrofit2.http.PATCH;
import retrofit2.http.POST;
import retrofit2.http.Path;
import retrofit2.http.Query;
import retrofit2.http.Url;

/** The calls of service instances. */
public interface ServiceInstancesApi {
    /** Lists. */
    @GET("/apps/v3/service-instances/")
    Call<WirePage<WireServiceInstance>> list(
            @Query("environment") String environment, @Query("page_size") @Nullable Integer pageSize);

    /** Reads a later page. */
    @GET
    Call<WirePage<WireServiceInstance>> page(@Url String url);

    /** Reads one. */
    @GET("/apps/v3/service-instances/{id}/")
    Call<WireServiceInstance> get(@Path("id") String id);

    /** Adds one; what it answers is not known. */
    @POST("/apps/v3/service-instances/")
    Call<Buffer> create(@Body WireNewServiceInstance body);

    /** Sends the verb. */
    @POST("/apps/v3/service-instances/{id}/provision/")
    Call<Void> provision(@Path("id") String id, @Body WireNothing body);

    /** Sends the verb. */
    @POST("/apps/v3/service-instances/{id}/attach/")
    Call<Void> attach(@Path("id") String id, @Body WireNothing body);

    /** Sends the verb. */
    @POST("/apps/v3/service-instances/{id}/detach/")
    Call<Void> detach(@Path("id") String id, @Body WireNothing body);

    /** Changes the prefix. */
    @PATCH("/apps/v3/service-instances/{id}/")
    Call<Void> rename(@Path("id") String id, @Body WirePrefix body);

    /** Deletes. */
    @DELETE("/apps/v3/service-instances/{id}/")
    Call<Void> delete(@Path("id") String id);
}
