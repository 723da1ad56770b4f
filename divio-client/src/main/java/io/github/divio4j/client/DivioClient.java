package io.github.divio4j.client;

/** A client of the Divio API. */
public final class DivioClient {
    private DivioClient() {}
}
