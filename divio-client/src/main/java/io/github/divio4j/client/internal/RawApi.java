package io.github.divio4j.client.internal;

import okio.Buffer;
import retrofit2.http.GET;
import retrofit2.http.OPTIONS;
import retrofit2.http.Url;

/** Calls whose answers have no fixed form. */
interface RawApi {
    @GET
    Call<Buffer> get(@Url String path);

    @OPTIONS
    Call<Buffer> options(@Url String path);
}
