package io.github.divio4j.examples.temporal;

/** The ids of workflows: they tell what a workflow is of, and keep a second one of the same from being started. */
final class Names {

    static final String TASK_QUEUE = "divio4j";

    private Names() {}

    static String fleet(String application) {
        return "divio4j:" + application;
    }

    static String wave(String fleet, int number) {
        return fleet + ":wave-" + number;
    }

    /** The id of the workflow of an environment, such as {@code divio4j:shop:wave-0:shop/test}. */
    static String environment(String wave, String environment) {
        return wave + ":" + environment;
    }
}
