package io.github.divio4j.client.model;

import java.util.Map;
import java.util.Objects;

/**
 * Where the file of one service instance goes. Everything but the first two is a secret.
 *
 * @param serviceInstanceId the service instance
 * @param handler how the file is sent, such as {@code exo-presigned-v1}
 * @param finishUrl what is called when the file is there
 * @param parameters what the handler needs
 */
public record UploadPart(String serviceInstanceId, String handler, String finishUrl, Map<String, String> parameters) {
    /** Checks the parts. */
    public UploadPart {
        Checks.id(serviceInstanceId, "serviceInstanceId");
        Objects.requireNonNull(handler, "handler");
        Checks.id(finishUrl, "finishUrl");
        parameters = Map.copyOf(parameters);
    }

    /** Shows the service instance and the handler only. */
    @Override
    public String toString() {
        return "UploadPart[serviceInstanceId=" + serviceInstanceId + ", handler=" + handler
                + ", finishUrl=***, parameters=***]";
    }
}
