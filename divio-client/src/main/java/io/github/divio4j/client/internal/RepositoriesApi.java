package io.github.divio4j.client.internal;

import io.github.divio4j.client.internal.wire.WireCheckResult;
import io.github.divio4j.client.internal.wire.WireNewRepository;
import io.github.divio4j.client.internal.wire.WireRepository;
import io.github.divio4j.client.internal.wire.WireRepositoryCheck;
import retrofit2.http.Body;
import retrofit2.http.GET;
import retrofit2.http.POST;
import retrofit2.http.Path;

/** The calls of repositories. */
public interface RepositoriesApi {
    /** Reads one. */
    @GET("/apps/v3/repositories/{id}/")
    Call<WireRepository> get(@Path("id") String id);

    /** Creates one. */
    @POST("/apps/v3/repositories/")
    Call<WireRepository> create(@Body WireNewRepository body);

    /** Checks one. */
    @POST("/apps/v3/repositories/{id}/check/")
    Call<WireCheckResult> check(@Path("id") String id, @Body WireRepositoryCheck body);
}
