package io.github.divio4j.client;

import io.github.divio4j.client.model.KeyType;
import io.github.divio4j.client.model.LogPage;
import io.github.divio4j.client.model.NewApplication;
import io.github.divio4j.client.model.NewBackup;
import io.github.divio4j.client.model.NewRestore;
import java.util.List;
import java.util.function.Function;

/** Every call of the client, with a good answer to it. */
@SuppressWarnings("ImmutableEnumChecker") // The functions hold no state.
public enum Calls {
    LIST_APPLICATIONS(
            "GET",
            d -> d.applications().list().toList(),
            "{'results': [{'uuid': 'x', 'slug': 's', 'name': 'n', 'organisation': 'o'}], 'next': null}"),
    FIND_APPLICATION(
            "GET", d -> d.applications().findBySlug("s"), "{'results': [{'uuid': 'x', 'slug': 's'}], 'next': null}"),
    GET_APPLICATION("GET", d -> d.applications().get("x"), "{'uuid': 'x', 'slug': 's', 'name': 'n'}"),
    CREATE_APPLICATION(
            "POST",
            d -> d.applications()
                    .create(NewApplication.builder()
                            .name("n")
                            .slug("s")
                            .organisation("o")
                            .planGroup("p")
                            .region("r")
                            .build()),
            "{'uuid': 'x', 'slug': 's', 'name': 'n', 'repository': null}"),
    LIST_ENVIRONMENTS(
            "GET",
            d -> d.environments().list("a").toList(),
            "{'results': [{'uuid': 'x', 'slug': 's', 'branch': 'main', 'last_finished_deployment': {'uuid': 'd'}}]}"),
    GET_ENVIRONMENT(
            "GET",
            d -> d.environments().get("x"),
            "{'uuid': 'x', 'slug': 's', 'ssh_endpoint': {'host': 'h', 'port': 22, 'user': 'u'}}"),
    COPY_ENVIRONMENT("POST", d -> d.environments().copy("x", "y"), "{'uuid': 'x'}"),
    UPDATE_ENVIRONMENT("PATCH", d -> done(() -> d.environments().updateBranch("x", "y")), "{}"),
    LOG_OF_ENVIRONMENT(
            "GET",
            d -> d.environments().log("x"),
            "{'results': [{'timestamp': '2026-03-01T12:00:00Z', 'service': 'web', 'message': 'm'}], 'next': null}"),
    LOG_OF_ENVIRONMENT_AFTER(
            "GET",
            d -> d.environments().logAfter(new LogPage(List.of(), origin(d) + "apps/v3/environments/x/logs/?c=1")),
            "{'results': []}"),
    LIST_VARIABLES(
            "GET",
            d -> d.environmentVariables().list("e").toList(),
            "{'results': [{'environment': 'e', 'name': 'N', 'value': 'v', 'is_sensitive': false}]}"),
    LIST_DEPLOYMENTS(
            "GET", d -> d.deployments().list("e").toList(), "{'results': [{'uuid': 'x', 'environment': 'e'}]}"),
    LIST_DEPLOYMENTS_OF_APPLICATION(
            "GET", d -> d.deployments().listOfApplication("a").toList(), "{'results': [{'uuid': 'x'}]}"),
    GET_DEPLOYMENT(
            "GET",
            d -> d.deployments().get("x"),
            "{'uuid': 'x', 'started_at': '2026-03-01T12:00:00Z', 'success': true, 'status': 'ok', 'percent': 99.5, 'environment_variables': ['A']}"),
    DEPLOY("POST", d -> d.deployments().create("e"), "{'uuid': 'x'}"),
    VARIABLES_OF_DEPLOYMENT(
            "GET",
            d -> d.deployments().environmentVariables("x"),
            "{'environment': 'e', 'environment_variables': {'A': 'b'}}"),
    LOG_OF_DEPLOYMENT("GET", d -> d.deployments().log("x"), "{'uuid': 'x', 'logs': 'text'}"),
    LIST_SERVICES(
            "GET",
            d -> d.services().list("r").toList(),
            "{'results': [{'uuid': 'x', 'name': 'PostgreSQL Database 15', 'type': 'DATABASE'}]}"),
    GET_SERVICE("GET", d -> d.services().get("x"), "{'uuid': 'x', 'name': 'n', 'identifier': 'i'}"),
    LIST_INSTANCES(
            "GET",
            d -> d.serviceInstances().list("e").toList(),
            "{'results': [{'uuid': 'x', 'prefix': 'DEFAULT', 'type': 'DATABASE', 'service_status': 'NEW', 'region': 'r', 'service': {'uuid': 's'}}]}"),
    GET_INSTANCE("GET", d -> d.serviceInstances().get("x"), "{'uuid': 'x'}"),
    ADD_INSTANCE("POST", d -> d.serviceInstances().create("e", "r", "s", "NEW"), "{'uuid': 'x'}"),
    PROVISION("POST", d -> done(() -> d.serviceInstances().provision("x")), "{}"),
    ATTACH("POST", d -> done(() -> d.serviceInstances().attach("x")), "{}"),
    DETACH("POST", d -> done(() -> d.serviceInstances().detach("x")), "{}"),
    RENAME("PATCH", d -> done(() -> d.serviceInstances().rename("x", "OLD")), "{}"),
    DELETE("DELETE", d -> done(() -> d.serviceInstances().delete("x")), "{}"),
    LIST_REGIONS("GET", d -> d.regions().list().toList(), "{'results': [{'uuid': 'x', 'name': 'n'}]}"),
    LIST_BACKUPS(
            "GET",
            d -> d.backups().list("e").toList(),
            "{'results': [{'uuid': 'x', 'environment': 'e', 'created_at': '2026-03-01T12:00:00.5Z'}]}"),
    GET_BACKUP(
            "GET",
            d -> d.backups().get("x"),
            "{'uuid': 'x', 'state': 'COMPLETED', 'success': 'SUCCESS', 'service_instance_backups': ['p', {'uuid': 'q'}]}"),
    BACK_UP("POST", d -> d.backups().create(NewBackup.builder("e", List.of("i")).build()), "{'uuid': 'x'}"),
    UPLOAD(
            "POST",
            d -> d.uploads().create(NewBackup.builder("e", List.of("i")).build()),
            "{'uuid': 'x', 'results': {'i': {'handler': 'h', 'finish_url': 'https://f.example/', 'upload_parameters': {'url': 'u', 'max': 5}}}}"),
    LIST_PARTS(
            "GET", d -> d.serviceInstanceBackups().list("b").toList(), "{'results': [{'uuid': 'x', 'backup': 'b'}]}"),
    GET_PART(
            "GET",
            d -> d.serviceInstanceBackups().get("x"),
            "{'uuid': 'x', 'ended_at': '2026-03-01T12:00:00+01:00', 'size': 5, 'errors': {'a': ['b']}, 'service_type': 'DATABASE'}"),
    LIST_RESTORES("GET", d -> d.restores().list().toList(), "{'results': [{'uuid': 'x'}]}"),
    GET_RESTORE(
            "GET",
            d -> d.restores().get("x"),
            "{'uuid': 'x', 'finished': true, 'success': 'FAILURE', 'errors': ['e'], 'service_instance_restores': [{'errors': 'f'}]}"),
    RESTORE(
            "POST",
            d -> d.restores().create(NewRestore.builder("b").into("t", "p").build()),
            "{'uuid': 'x'}"),
    DOWNLOAD("POST", d -> d.backupDownloads().create("b", List.of("p")), "{'uuid': 'x'}"),
    LIST_DOWNLOAD_PARTS("GET", d -> d.backupDownloads().parts("w").toList(), "{'results': [{'uuid': 'x'}]}"),
    GET_DOWNLOAD_PART(
            "GET",
            d -> d.backupDownloads().getPart("x"),
            "{'uuid': 'x', 'ended_at': null, 'errors': null, 'download_url': 'https://d.example/'}"),
    ADD_REPOSITORY("POST", d -> d.repositories().createWithKey("o", "u", KeyType.RSA), "{'uuid': 'x'}"),
    GET_REPOSITORY("GET", d -> d.repositories().get("x"), "{'uuid': 'x', 'dsn': 'd', 'state': 'CLONED'}"),
    CHECK_REPOSITORY("POST", d -> d.repositories().check("x", "main"), "{'code': 'success'}"),
    LIST_TEMPLATES("GET", d -> d.appTemplates().list().toList(), "{'results': [{'uuid': 'x'}]}"),
    GET_TEMPLATE(
            "GET",
            d -> d.appTemplates().get("x"),
            "{'uuid': 'x', 'release_commands': [{'label': 'l', 'command': 'c'}], 'services': [{'id': 'i', 'prefix': 'p'}]}"),
    LIST_ORGANISATIONS("GET", d -> d.organisations().list().toList(), "{'results': [{'uuid': 'x'}]}"),
    GET_ORGANISATION("GET", d -> d.organisations().get("x"), "{'uuid': 'x', 'created_at': '2020-01-01T00:00:00Z'}"),
    ME("GET", DivioClient::me, "{'uuid': 'x', 'email': 'm'}"),
    LIST_PLAN_GROUPS("GET", d -> d.planGroups().list("o").toList(), "{'results': [{'uuid': 'x'}]}"),
    GET_PLAN_GROUP("GET", d -> d.planGroups().get("x"), "{'uuid': 'x', 'regions': ['r']}");

    final String method;
    final String answer;
    private final Function<DivioClient, Object> call;

    Calls(String method, Function<DivioClient, Object> call, String answer) {
        this.method = method;
        this.call = call;
        this.answer = answer.replace('\'', '"');
    }

    Object make(DivioClient divio) {
        return call.apply(divio);
    }

    boolean list() {
        return name().startsWith("LIST_") || this == FIND_APPLICATION;
    }

    /** Tells whether the content of a good answer does not matter. */
    boolean anyAnswer() {
        return this == ADD_INSTANCE
                || this == PROVISION
                || this == ATTACH
                || this == DETACH
                || this == RENAME
                || this == DELETE
                || this == UPDATE_ENVIRONMENT;
    }

    boolean repeatable() {
        return method.equals("GET") || method.equals("DELETE");
    }

    private static Object done(Runnable call) {
        call.run();
        return "done";
    }

    private static String origin(DivioClient divio) {
        String text = divio.toString();
        return text.substring(text.indexOf('[') + 1, text.indexOf(']'));
    }
}
