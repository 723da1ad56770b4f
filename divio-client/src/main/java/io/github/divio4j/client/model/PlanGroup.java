package io.github.divio4j.client.model;

import java.util.List;
import java.util.Objects;

/**
 * A group of plans that an organisation can choose from.
 *
 * @param id its id
 * @param name its name; empty when the API gives none
 * @param regionIds the regions it is offered in; empty in lists
 */
public record PlanGroup(String id, String name, List<String> regionIds) {
    /** Checks the parts. */
    public PlanGroup {
        Checks.id(id, "id");
        Objects.requireNonNull(name, "name");
        regionIds = List.copyOf(regionIds);
    }
}
