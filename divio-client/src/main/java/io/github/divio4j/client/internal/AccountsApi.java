package io.github.divio4j.client.internal;

import io.github.divio4j.client.internal.wire.WireAccount;
import retrofit2.http.GET;

/** The calls of the account. */
public interface AccountsApi {
    /** Reads the account of the token. */
    @GET("/iam/v3/me/")
    Call<WireAccount> me();
}
