package io.github.divio4j.client.internal;

import io.github.divio4j.client.internal.wire.WireOrganisation;
import io.github.divio4j.client.internal.wire.WirePage;
import org.jspecify.annotations.Nullable;
import retrofit2.http.GET;
import retrofit2.http.Path;
import retrofit2.http.Query;
import retrofit2.http.Url;

/** The calls of organisations. */
public interface OrganisationsApi {
    /** Lists. */
    @GET("/iam/v3/organisations/")
    Call<WirePage<WireOrganisation>> list(@Query("page_size") @Nullable Integer pageSize);

    /** Reads a later page. */
    @GET
    Call<WirePage<WireOrganisation>> page(@Url String url);

    /** Reads one. */
    @GET("/iam/v3/organisations/{id}/")
    Call<WireOrganisation> get(@Path("id") String id);
}
