package io.github.divio4j.examples.sandbox;

/** What provisioning gave: how to reach a service. */
interface Binding {

    /** The data source name. It holds a password. */
    String dsn();
}
