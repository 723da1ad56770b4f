/** Plans and runs the move of Divio environments to a newer PostgreSQL. */
@org.jspecify.annotations.NullMarked
module io.github.divio4j.upgrade {
    requires static transitive org.jspecify;
    // Only the package upgrade.divio needs the client.
    requires static transitive io.github.divio4j.client;
    // Only the package upgrade.store needs these.
    requires static com.squareup.moshi;
    requires static okio;
    // Only the package upgrade.local needs this.
    requires static org.snakeyaml.engine;
    // Only the package upgrade.ssh needs this.
    requires static org.apache.sshd.osgi;
    // Only the package upgrade.micrometer needs this.
    requires static transitive micrometer.core;
    // Only the package upgrade.opentelemetry needs these.
    requires static transitive io.opentelemetry.api;
    requires static io.opentelemetry.context;
    requires static io.opentelemetry.common;
    // Only the package upgrade.postgres needs it.
    requires static transitive java.sql;

    exports io.github.divio4j.upgrade;
    exports io.github.divio4j.upgrade.divio;
    exports io.github.divio4j.upgrade.local;
    exports io.github.divio4j.upgrade.micrometer;
    exports io.github.divio4j.upgrade.opentelemetry;
    exports io.github.divio4j.upgrade.postgres;
    exports io.github.divio4j.upgrade.report;
    exports io.github.divio4j.upgrade.run;
    exports io.github.divio4j.upgrade.ssh;
    exports io.github.divio4j.upgrade.store;
    exports io.github.divio4j.upgrade.testing;
}
