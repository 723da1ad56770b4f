/** A typed client of the Divio API. */
@org.jspecify.annotations.NullMarked
module io.github.divio4j.client {
    requires static transitive org.jspecify;

    exports io.github.divio4j.client;
}
