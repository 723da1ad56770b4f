package io.github.divio4j.examples.measure;

import io.github.divio4j.client.DivioClient;
import java.io.IOException;

/** Makes one call in a JVM of its own and prints what came: what a user of a command line tool waits for. */
final class FirstAnswer {
    static final String BY_HAND = "hand";
    static final String DIVIO_CLIENT = "divio-client";

    private FirstAnswer() {}

    /** Takes which client, the base URL and the id of a service instance. */
    public static void main(String[] arguments) throws IOException {
        System.out.println(
                arguments[0].equals(BY_HAND)
                        ? byHand(arguments[1], arguments[2])
                        : withDivioClient(arguments[1], arguments[2]));
        System.out.flush();
        // Without this, OkHttp's idle threads keep the JVM for a minute.
        Runtime.getRuntime().halt(0);
    }

    private static String byHand(String baseUrl, String id) throws IOException {
        return new HandWrittenClient(baseUrl, ClientMeasurement.TOKEN).get(id).uuid();
    }

    private static String withDivioClient(String baseUrl, String id) {
        return DivioClient.builder()
                .baseUrl(baseUrl)
                .token(ClientMeasurement.TOKEN)
                .maxCallsPerSecond(0)
                .build()
                .serviceInstances()
                .get(id)
                .id();
    }
}
