package io.github.divio4j.client.internal.wire;

import com.squareup.moshi.Json;
import org.jspecify.annotations.Nullable;

/** An environment. */
public record WireEnvironment(
        @Nullable String uuid,
        @Nullable String slug,
        @Nullable String branch,
        @Reference @Nullable String application,

        @Json(name = "last_finished_deployment") @Reference @Nullable
        String lastFinishedDeployment,

        @Json(name = "ssh_endpoint") @Nullable WireSshEndpoint sshEndpoint) {}
