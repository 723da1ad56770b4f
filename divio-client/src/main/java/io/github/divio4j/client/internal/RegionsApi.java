package io.github.divio4j.client.internal;

import io.github.divio4j.client.internal.wire.WirePage;
import io.github.divio4j.client.internal.wire.WireRegion;
import java.util.List;
import org.jspecify.annotations.Nullable;
import retrofit2.http.GET;
import retrofit2.http.Query;
import retrofit2.http.Url;

/** The calls of regions. */
public interface RegionsApi {
    /** Lists. */
    @GET("/apps/v3/regions/")
    Call<WirePage<WireRegion>> list(
            @Query("uuid") @Nullable List<String> ids, @Query("page_size") @Nullable Integer pageSize);

    /** Reads a later page. */
    @GET
    Call<WirePage<WireRegion>> page(@Url String url);
}
