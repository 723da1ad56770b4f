///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//DEPS io.github.divio4j:divio-client:0.1.0-SNAPSHOT
import io.github.divio4j.client.*;
import io.github.divio4j.client.error.DivioException;
import io.github.divio4j.client.model.*;
import java.util.*;
import java.util.regex.*;
import java.util.stream.Collectors;

/** Lists the PostgreSQL services of an organisation. Argument: its id or name, unless the account has only one. */
public final class ListPostgresServices {
    static final String ROW = "%-24s  %-12s  %-10s  %-26s  %-7s  %s%n";
    // Only names tell the version: "PostgreSQL Database 13", "Postgres v9.6", "postgresql-15-shared". "16GB" is a size.
    static final Pattern POSTGRES =
            Pattern.compile("(?i)postgres(?:.*?(?<![\\d.])(9\\.\\d|[1-9]\\d)(?![\\da-z]| ?[gmt]i?b))?");
    // A database whose service has left the catalogue may be the oldest of all, so it is shown.
    static final Service GONE = new Service("-", "Postgres? not in catalogue", ServiceType.DATABASE, null, null);

    public static void main(String[] args) {
        String zone = System.getenv().getOrDefault("DIVIO_ZONE", "divio.com");
        Credentials auth = Credentials.firstOf(Credentials.fromEnvironment("DIVIO_API_TOKEN"), Credentials.fromNetrc());
        try (DivioClient divio = DivioClient.builder().zone(zone).credentials(auth).build()) {
            list(divio, organisation(divio, args).id());
        } catch (DivioException | IllegalArgumentException | IllegalStateException e) {
            System.err.println(e.getMessage());
            System.exit(e instanceof DivioException ? 1 : 2);
        }
    }

    static Organisation organisation(DivioClient divio, String[] args) {
        List<Organisation> all = divio.organisations().list().toList();
        List<Organisation> wanted = all.stream()
                .filter(each -> args.length == 0 || args[0].equals(each.id()) || args[0].equals(each.name()))
                .toList();
        if (args.length > 1 || wanted.size() != 1) {
            throw new IllegalArgumentException("usage: ListPostgresServices.java ORGANISATION (its id or name), one of:"
                    + all.stream().map(each -> "\n  " + each.id() + "  " + each.name()).collect(Collectors.joining()));
        }
        return wanted.get(0);
    }

    static void list(DivioClient divio, String organisation) {
        Map<String, Service> catalogue = new HashMap<>();
        divio.regions().list().forEach(region ->
                divio.services().list(region.id()).forEach(service -> catalogue.put(service.id(), service)));
        System.out.printf(ROW, "APPLICATION", "ENVIRONMENT", "PREFIX", "SERVICE", "VERSION", "STATUS");
        divio.applications().list().stream().filter(app -> organisation.equals(app.organisationId())).forEach(app ->
                divio.environments().list(app.id()).forEach(env ->
                        divio.serviceInstances().list(env.id()).forEach(instance -> {
                            Service service = catalogue.getOrDefault(instance.serviceId(), GONE);
                            Matcher postgres = POSTGRES.matcher(service.name() + " " + service.identifier());
                            if (instance.type().equals(ServiceType.DATABASE) && postgres.find()) {
                                System.out.printf(ROW, app.slug(), env.slug(), instance.prefix(), service.name(),
                                        postgres.group(1) == null ? "?" : postgres.group(1), instance.status());
                            }
                        })));
    }
}
