package io.github.divio4j.client.internal;

import io.github.divio4j.client.internal.wire.WireDeployment;
import io.github.divio4j.client.internal.wire.WireDeploymentLog;
import io.github.divio4j.client.internal.wire.WireDeploymentVariables;
import io.github.divio4j.client.internal.wire.WireNewDeployment;
import io.github.divio4j.client.internal.wire.WirePage;
import org.jspecify.annotations.Nullable;
import retrofit2.http.Body;
import retrofit2.http.GET;
import retrofit2.http.POST;
import retrofit2.http.Path;
import retrofit2.http.Query;
import retrofit2.http.Url;

/** The calls of deployments. */
public interface DeploymentsApi {
    /** Lists. */
    @GET("/apps/v3/deployments/")
    Call<WirePage<WireDeployment>> list(
            @Query("application") @Nullable String application,
            @Query("environment") @Nullable String environment,
            @Query("page_size") @Nullable Integer pageSize);

    /** Reads a later page. */
    @GET
    Call<WirePage<WireDeployment>> page(@Url String url);

    /** Reads one. */
    @GET("/apps/v3/deployments/{id}/")
    Call<WireDeployment> get(@Path("id") String id);

    /** Creates one. */
    @POST("/apps/v3/deployments/")
    Call<WireDeployment> create(@Body WireNewDeployment body);

    /** Reads the variables it ran with. */
    @GET("/apps/v3/deployments/{id}/environment-variables")
    Call<WireDeploymentVariables> environmentVariables(@Path("id") String id);

    /** Reads the log. */
    @GET("/apps/v3/deployments/{id}/logs")
    Call<WireDeploymentLog> log(@Path("id") String id);
}
