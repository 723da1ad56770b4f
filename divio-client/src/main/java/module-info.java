/** A typed client of the Divio API. */
@org.jspecify.annotations.NullMarked
module io.github.divio4j.client {
    requires static transitive org.jspecify;
    requires transitive okhttp3;
    requires com.squareup.moshi;
    requires dev.failsafe.core;
    requires kotlin.stdlib;
    requires okio;
    requires retrofit2;
    requires retrofit2.converter.moshi;

    exports io.github.divio4j.client;
    exports io.github.divio4j.client.error;
    exports io.github.divio4j.client.model;
    exports io.github.divio4j.client.wait;
}
