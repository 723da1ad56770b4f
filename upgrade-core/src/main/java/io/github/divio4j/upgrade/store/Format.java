package io.github.divio4j.upgrade.store;

import java.util.Map;

/**
 * How a file says what it is.
 *
 * @param name the name of its form
 * @param version the version of the form; it grows only when files can no longer be read by those who know the one before
 */
record Format(String name, int version) {

    Map<String, Object> fields() {
        return Map.of("format", name, "version", version);
    }

    void check(Json root) {
        if (!root.isObject()
                || !root.at("format").isThere()
                || !name.equals(root.at("format").text())) {
            throw new Malformed("it does not say that its format is \"" + name + "\"");
        }
        int found = root.at("version").number();
        if (found > version) {
            throw new Malformed("its format has version " + found + ", and this divio4j knows none after " + version
                    + ": use a newer divio4j");
        }
    }
}
