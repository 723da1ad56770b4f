package io.github.divio4j.examples.sandbox;

import java.security.SecureRandom;
import java.util.Base64;

/** Makes names that nobody else makes. */
final class Ids {
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

    private final SecureRandom random = new SecureRandom();

    /** An id as the platform gives them: 26 lower-case letters and digits. */
    String next() {
        return letters(26);
    }

    String letters(int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }

    /** Holds characters that have to be escaped in a URL, so that whoever forgets to decode it notices. */
    String password() {
        byte[] bytes = new byte[18];
        random.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes) + "@%";
    }
}
