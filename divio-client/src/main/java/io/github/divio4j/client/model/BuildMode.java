package io.github.divio4j.client.model;

/** How a deployment comes by its image. */
public enum BuildMode {
    /** Divio decides. */
    AUTO,
    /** An image that was built before is used. */
    ADOPT,
    /** A new image is built. */
    FORCE
}
