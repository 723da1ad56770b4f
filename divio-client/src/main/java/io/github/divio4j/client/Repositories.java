package io.github.divio4j.client;

import io.github.divio4j.client.error.DivioNotFoundException;
import io.github.divio4j.client.internal.Mapper;
import io.github.divio4j.client.internal.RepositoriesApi;
import io.github.divio4j.client.internal.Transport;
import io.github.divio4j.client.internal.wire.WireNewRepository;
import io.github.divio4j.client.internal.wire.WireRepositoryCheck;
import io.github.divio4j.client.model.KeyType;
import io.github.divio4j.client.model.Repository;
import java.util.Objects;

/** External Git repositories. Safe for use by several threads. */
public final class Repositories {
    private final Transport transport;

    Repositories(Transport transport) {
        this.transport = transport;
    }

    /**
     * Reads a repository. Proven.
     *
     * @throws DivioNotFoundException when there is none with this id
     */
    public Repository get(String id) {
        return transport.one(transport.api(RepositoriesApi.class).get(Ids.check(id, "id")), Mapper::repository);
    }

    /**
     * Makes a repository known that is read with an SSH key, which the platform makes: allow {@link Repository#publicKey()} to read it, then
     * {@link #check}. Proven.
     */
    public Repository createWithKey(String organisationId, String url, KeyType keyType) {
        return create(new WireNewRepository(
                Ids.check(organisationId, "organisationId"), Ids.check(url, "url"), keyType.name(), null, null));
    }

    /** Makes a repository known that is read with a user name and a password. Proven. */
    public Repository createWithPassword(String organisationId, String url, String username, String password) {
        return create(new WireNewRepository(
                Ids.check(organisationId, "organisationId"),
                Ids.check(url, "url"),
                null,
                Objects.requireNonNull(username, "username"),
                Objects.requireNonNull(password, "password")));
    }

    private Repository create(WireNewRepository body) {
        return transport.one(transport.api(RepositoriesApi.class).create(body), Mapper::repository);
    }

    /**
     * Lets the platform try to read a branch of a repository. Proven: as the official command line tool does it, check, read the repository
     * until it is copied, then check again.
     *
     * @return what the platform says in a word; {@code success} when it can read the branch. Anything else is not the end of it
     */
    public String check(String id, String branch) {
        return transport.one(
                transport
                        .api(RepositoriesApi.class)
                        .check(Ids.check(id, "id"), new WireRepositoryCheck(Ids.check(branch, "branch"), "true")),
                Mapper::checkResult);
    }
}
