/**
 * The main job in one command: a sandbox is started, its environments are upgraded through the API, and what came of it is
 * compared row by row. Start with {@link io.github.divio4j.examples.quickstart.Quickstart}.
 */
@NullMarked
package io.github.divio4j.examples.quickstart;

import org.jspecify.annotations.NullMarked;
