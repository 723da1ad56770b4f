package io.github.divio4j.examples.quickstart;

/** Runs the quickstart. */
public final class Quickstart {
    private Quickstart() {}

    /** Runs. */
    public static void main(String[] args) {
        System.out.println("quickstart " + String.join(" ", args));
        System.exit(2);
    }
}
