package io.github.divio4j.client;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the platform says about the calls of this client.
 *
 * @param checks one for every call, sorted by path and method
 */
public record ContractReport(List<ContractCheck> checks) {
    /** Copies the checks. */
    public ContractReport {
        checks = List.copyOf(checks);
    }

    /** Returns the checks with this verdict. */
    public List<ContractCheck> with(ContractCheck.Status status) {
        return checks.stream().filter(check -> check.status() == status).toList();
    }

    /**
     * Returns the check of a call.
     *
     * @param path as the checks have it, as in {@code /apps/v3/backups/{id}/}
     */
    public Optional<ContractCheck> find(String method, String path) {
        return checks.stream()
                .filter(check -> check.method().equals(method) && check.path().equals(path))
                .findFirst();
    }

    /** Tells whether every call is confirmed. */
    public boolean confirmed() {
        return with(ContractCheck.Status.CONFIRMED).size() == checks.size();
    }

    /** Returns one line per call. */
    @Override
    public String toString() {
        return checks.stream().map(ContractCheck::toString).collect(Collectors.joining("\n"));
    }
}
