package io.github.divio4j.upgrade.local;

import java.nio.file.Path;

/**
 * Something that a person should know, or has to decide.
 *
 * @param file the file that it is about
 * @param line the line there, from 1
 * @param message what it is, and what to do
 */
public record Notice(Kind kind, Path file, int line, String message) {

    /** What a notice is about. New ones may be added. */
    public enum Kind {
        /** A version that was not changed, because the right one cannot be known. Blocks. */
        UNDECIDED(true),
        /** A mount with which the data of version 18 or newer would be lost. Blocks. */
        DATA_DIRECTORY(true),
        /** A folder or volume that {@code down -v} leaves behind, with the files of an older version in it. Blocks. */
        OLD_FILES(true),
        /** A folder or volume that {@code down -v} leaves behind. */
        STAYS(false),
        /** A database that is removed with its volume and not pulled. */
        NOT_PULLED(false),
        /** A version newer than the one asked for, which was left. */
        NEWER(false),
        /** A variable that has to be changed elsewhere, too, if it is set there. */
        VARIABLE(false),
        /** A registry whose tags are not known. */
        REGISTRY(false),
        /** A change that concerns a service that was not chosen. */
        SHARED(false),
        /** An order of texts that differs from that of the cloud. */
        SORTING(false),
        /** An older version in a file that is none of Docker Compose. It is not changed. */
        ELSEWHERE(false);

        private final boolean blocking;

        Kind(boolean blocking) {
            this.blocking = blocking;
        }

        /** Whether a plan with such a notice cannot go on. */
        public boolean blocking() {
            return blocking;
        }
    }

    /** File, line and message. */
    @Override
    public String toString() {
        return file + ", line " + line + ": " + message;
    }
}
