package io.github.divio4j.client;

import io.github.divio4j.client.internal.Mapper;
import io.github.divio4j.client.internal.RegionsApi;
import io.github.divio4j.client.internal.Transport;
import io.github.divio4j.client.model.Region;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Regions. Safe for use by several threads. */
public final class Regions {
    private final Transport transport;

    Regions(Transport transport) {
        this.transport = transport;
    }

    /** Lists the regions. Proven. */
    public ResourceIterable<Region> list() {
        return list(null, region -> true);
    }

    /** Lists the regions with these ids, at least one. Proven. */
    public ResourceIterable<Region> list(Collection<String> ids) {
        if (ids.isEmpty()) {
            throw new IllegalArgumentException("without ids, all regions would be listed");
        }
        Set<String> wanted = Set.copyOf(ids);
        wanted.forEach(id -> Ids.check(id, "id"));
        return list(wanted.stream().sorted().toList(), region -> wanted.contains(region.id()));
    }

    private ResourceIterable<Region> list(@Nullable List<String> ids, Predicate<Region> asked) {
        RegionsApi api = transport.api(RegionsApi.class);
        return new ResourceIterable<>(pageSize -> transport.walk(api.list(ids, pageSize), api::page, wire -> {
            Region region = Mapper.region(wire);
            return asked.test(region) ? region : null;
        }));
    }
}
