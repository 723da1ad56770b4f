package io.github.divio4j.client.model;

/** The kind of an SSH key that the platform makes for a repository. Proven. */
public enum KeyType {
    /** Short and modern. */
    ED25519,
    /** For hosts without the first. */
    ECDSA,
    /** For old hosts. */
    RSA
}
