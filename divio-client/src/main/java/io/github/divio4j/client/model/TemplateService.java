package io.github.divio4j.client.model;

import java.util.Objects;

/**
 * A service that an application template asks for.
 *
 * @param identifier what the catalogue knows it by ({@link Service#identifier()})
 * @param prefix its prefix; empty when the template gives none
 */
public record TemplateService(String identifier, String prefix) {
    /** Checks the parts. */
    public TemplateService {
        Objects.requireNonNull(identifier, "identifier");
        Objects.requireNonNull(prefix, "prefix");
    }
}
