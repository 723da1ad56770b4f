package io.github.divio4j.examples.sandbox;

/** Runs the sandbox. */
public final class SandboxMain {
    private SandboxMain() {}

    /** Runs. */
    public static void main(String[] args) {
        System.out.println("sandbox " + String.join(" ", args));
        System.exit(2);
    }
}
