package io.github.divio4j.client.internal;

import okhttp3.ResponseBody;
import retrofit2.Call;
import retrofit2.http.GET;
import retrofit2.http.OPTIONS;
import retrofit2.http.Url;

/** Calls whose answers have no fixed form. */
interface RawApi {
    @GET
    Call<ResponseBody> get(@Url String path);

    @OPTIONS
    Call<ResponseBody> options(@Url String path);
}
