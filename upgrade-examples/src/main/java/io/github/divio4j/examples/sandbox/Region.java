package io.github.divio4j.examples.sandbox;

/** Where services run. */
record Region(String id, String name) {}
