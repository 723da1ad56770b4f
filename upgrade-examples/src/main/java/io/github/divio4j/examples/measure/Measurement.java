package io.github.divio4j.examples.measure;

import java.io.PrintStream;
import java.util.List;

/** Finds out a few numbers by running something. */
@FunctionalInterface
interface Measurement {
    /**
     * Runs.
     *
     * @param arguments what the user gave besides the name
     * @param out takes lines for a reader, before the numbers
     * @return the numbers, good or bad
     * @throws WrongArgumentException when it does not understand an argument; nothing was run then
     * @throws Exception when it could not run, so that there are no numbers
     */
    Numbers run(List<String> arguments, PrintStream out) throws Exception;
}
