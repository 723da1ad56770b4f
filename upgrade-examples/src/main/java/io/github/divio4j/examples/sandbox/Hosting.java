package io.github.divio4j.examples.sandbox;

import java.nio.file.Path;

/** The servers behind the services. Every call may take long and must not be made inside the world's lock. */
interface Hosting extends AutoCloseable {

    /** Makes what an instance of a service stands for. */
    Binding provision(CatalogueService service) throws HostingException, InterruptedException;

    /** Destroys it with its data. */
    void destroy(Binding binding) throws HostingException, InterruptedException;

    /** Writes all that it holds into a file. */
    void backUp(Binding binding, Path file) throws HostingException, InterruptedException;

    /** Replaces all that it holds by what a file holds. */
    void restore(Binding binding, Path file) throws HostingException, InterruptedException;

    @Override
    void close();
}
