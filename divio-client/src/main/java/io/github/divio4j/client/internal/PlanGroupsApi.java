package io.github.divio4j.client.internal;

import io.github.divio4j.client.internal.wire.WirePage;
import io.github.divio4j.client.internal.wire.WirePlanGroup;
import org.jspecify.annotations.Nullable;
import retrofit2.http.GET;
import retrofit2.http.Path;
import retrofit2.http.Query;
import retrofit2.http.Url;

/** The calls of plan groups. */
public interface PlanGroupsApi {
    /** Lists. */
    @GET("/billing/v3/application-plan-groups/")
    Call<WirePage<WirePlanGroup>> list(
            @Query("organisation") @Nullable String organisation, @Query("page_size") @Nullable Integer pageSize);

    /** Reads a later page. */
    @GET
    Call<WirePage<WirePlanGroup>> page(@Url String url);

    /** Reads one. */
    @GET("/billing/v3/application-plan-groups/{id}/")
    Call<WirePlanGroup> get(@Path("id") String id);
}
