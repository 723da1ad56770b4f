package io.github.divio4j.client.internal;

import io.github.divio4j.client.internal.wire.WireAppTemplate;
import io.github.divio4j.client.internal.wire.WirePage;
import org.jspecify.annotations.Nullable;
import retrofit2.http.GET;
import retrofit2.http.Path;
import retrofit2.http.Query;
import retrofit2.http.Url;

/** The calls of application templates. */
public interface AppTemplatesApi {
    /** Lists. */
    @GET("/apps/v3/app-templates/")
    Call<WirePage<WireAppTemplate>> list(@Query("page_size") @Nullable Integer pageSize);

    /** Reads a later page. */
    @GET
    Call<WirePage<WireAppTemplate>> page(@Url String url);

    /** Reads one. */
    @GET("/apps/v3/app-templates/{id}/")
    Call<WireAppTemplate> get(@Path("id") String id);
}
