package io.github.divio4j.upgrade.local;

import io.github.divio4j.upgrade.PostgresVersion;

/**
 * The version to move to.
 *
 * @param text as it was asked for: {@code 15} or {@code 15.4}
 */
record LocalVersion(String text, PostgresVersion major) {

    static LocalVersion parse(String text) {
        String version = text.strip();
        return new LocalVersion(version, PostgresVersion.parse(version));
    }

    /** Tells whether a very release was asked for, not only a major version. */
    boolean exact() {
        return !text.equals(major.toString());
    }

    @Override
    public String toString() {
        return text;
    }
}
