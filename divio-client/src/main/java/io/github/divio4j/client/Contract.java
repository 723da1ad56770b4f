package io.github.divio4j.client;

import io.github.divio4j.client.error.DivioApiException;
import io.github.divio4j.client.error.DivioNotFoundException;
import io.github.divio4j.client.error.DivioProtocolException;
import io.github.divio4j.client.internal.KnownCall;
import io.github.divio4j.client.internal.Schema;
import io.github.divio4j.client.internal.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Compares the calls of this client with what the platform says that it has. Safe for use by several threads.
 *
 * <p>Proven: the API serves a description of itself ({@code /apps/v3/schema.json}). Assumed: that it is OpenAPI, and that a call it does not
 * describe can be asked about with OPTIONS, as Django REST Framework answers it.
 */
public final class Contract {
    // Nothing has this id; a description of what could be done with it needs nothing to be there.
    private static final String NOBODY = "00000000-0000-0000-0000-000000000000";

    private final Transport transport;

    Contract(Transport transport) {
        this.transport = transport;
    }

    /**
     * Asks the platform about every call of this client: method, path, query parameters, and the fields of the body, down to those of the
     * objects in its lists. A body that the platform does not describe is unknown, not confirmed. It reads only (GET and OPTIONS), with
     * about 50 calls at most, and changes nothing on the server.
     *
     * @throws io.github.divio4j.client.error.DivioTransportException when the platform does not answer
     */
    public ContractReport verify() {
        Map<String, Optional<Schema>> schemas = new TreeMap<>();
        Map<String, Answer> answers = new TreeMap<>();
        List<ContractCheck> checks = new ArrayList<>();
        for (KnownCall call : KnownCall.all()) {
            Optional<Schema> schema = schemas.computeIfAbsent(call.root(), this::schema);
            checks.add(
                    schema.isPresent() && schema.get().covers(call)
                            ? described(call, schema.get())
                            : asked(call, answers.computeIfAbsent(call.path(), this::ask), schema.isPresent()));
        }
        return new ContractReport(checks);
    }

    private Optional<Schema> schema(String root) {
        try {
            return Schema.parse(
                    root, transport.read("GET", root + "schema.json").json());
        } catch (DivioApiException | DivioProtocolException e) {
            return Optional.empty();
        }
    }

    private Answer ask(String path) {
        try {
            Transport.Raw raw = transport.read("OPTIONS", path.replace("{id}", NOBODY));
            return new Answer(raw.allowed(), Schema.bodies(raw.json()), "");
        } catch (DivioNotFoundException e) {
            return new Answer(
                    Set.of(), Map.of(), path.contains("{id}") ? "it answers 404 for an id that nobody has" : "");
        } catch (DivioApiException e) {
            return new Answer(Set.of(), Map.of(), "it answers " + e.status() + " when asked");
        } catch (DivioProtocolException e) {
            return new Answer(Set.of(), Map.of(), "its answer cannot be used");
        }
    }

    private static ContractCheck described(KnownCall call, Schema schema) {
        return verdict(call, schema.compare(call));
    }

    private static ContractCheck asked(KnownCall call, Answer answer, boolean schemaSilent) {
        if (!answer.unknown().isEmpty()) {
            return check(call, ContractCheck.Status.UNKNOWN, List.of(answer.unknown()));
        }
        if (answer.allowed().isEmpty()) {
            return schemaSilent || !call.path().contains("{id}")
                    ? check(call, ContractCheck.Status.MISSING, List.of("there is no such path"))
                    : check(call, ContractCheck.Status.UNKNOWN, List.of("it does not say what it allows"));
        }
        if (!answer.allowed().contains(call.method())) {
            return check(
                    call,
                    ContractCheck.Status.MISSING,
                    List.of("the path allows only " + String.join(", ", answer.allowed())));
        }
        return verdict(call, Schema.compare(call, answer.bodies().get(call.method())));
    }

    private static ContractCheck verdict(KnownCall call, Schema.Comparison comparison) {
        if (!comparison.different().isEmpty()) {
            return check(call, ContractCheck.Status.DIFFERENT, comparison.different());
        }
        return comparison.open().isEmpty()
                ? check(call, ContractCheck.Status.CONFIRMED, List.of())
                : check(call, ContractCheck.Status.UNKNOWN, comparison.open());
    }

    private static ContractCheck check(KnownCall call, ContractCheck.Status status, List<String> remarks) {
        return new ContractCheck(call.method(), call.path(), status, remarks);
    }

    /** What the platform answers to OPTIONS. */
    private record Answer(Set<String> allowed, Map<String, Object> bodies, String unknown) {}
}
