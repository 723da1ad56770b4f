package io.github.divio4j.examples.sandbox;

import static io.github.divio4j.examples.sandbox.InstanceStatus.ATTACHED;
import static io.github.divio4j.examples.sandbox.InstanceStatus.DETACHED;
import static io.github.divio4j.examples.sandbox.InstanceStatus.NEW;
import static io.github.divio4j.examples.sandbox.InstanceStatus.PENDING_ATTACHMENT;
import static io.github.divio4j.examples.sandbox.InstanceStatus.PENDING_DETACHMENT;
import static io.github.divio4j.examples.sandbox.InstanceStatus.PROVISIONING;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceLifecycleTest {
    private static final String INSTANCES = "/apps/v3/service-instances/";
    private static final String POSTGRES_15 = "PostgreSQL Database 15";

    private final Sandbox sandbox = Sandbox.builder()
            .databases(Databases.NONE)
            .speed(100)
            .instance("test", POSTGRES_15, "S_NEW", NEW)
            .instance("test", POSTGRES_15, "S_PROVISIONING", PROVISIONING)
            .instance("test", POSTGRES_15, "S_PENDING_ATTACHMENT", PENDING_ATTACHMENT)
            .instance("test", POSTGRES_15, "S_ATTACHED", ATTACHED)
            .instance("test", POSTGRES_15, "S_PENDING_DETACHMENT", PENDING_DETACHMENT)
            .instance("test", POSTGRES_15, "S_DETACHED", DETACHED)
            .start();
    private final Api api = new Api(sandbox);

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private String in(InstanceStatus status) {
        return api.find("test", "S_" + status, "DATABASE");
    }

    private InstanceStatus statusOf(String id) {
        return sandbox.instances().stream()
                .filter(instance -> instance.id().equals(id))
                .findFirst()
                .orElseThrow()
                .status();
    }

    private static String reason(Api.Answer answer) {
        answer.expect(400);
        return ((List<?>) answer.body().get("non_field_errors")).get(0).toString();
    }

    @Test
    void anAddedServiceIsNew() {
        String id = api.instance("live", POSTGRES_15, "NEXT");

        assertThat(api.get(INSTANCES + id + "/").expect(200).body())
                .containsEntry("service_status", "NEW")
                .containsEntry("type", "DATABASE")
                .containsEntry("prefix", "NEXT")
                .containsEntry("environment", sandbox.environmentId("live"))
                .containsEntry("service", sandbox.serviceId(POSTGRES_15))
                .containsEntry("region", sandbox.regionId());
    }

    @Test
    void provisioningIsAsynchronousAndEndsPendingAttachment() {
        sandbox.faults().hold(Operation.PROVISION);
        String id = api.instance("live", POSTGRES_15, "NEXT");

        assertThat(api.post(INSTANCES + id + "/provision/", Map.of())
                        .expect(202)
                        .text("service_status"))
                .isEqualTo("PROVISIONING");
        sandbox.faults().release(Operation.PROVISION);

        api.await(INSTANCES + id + "/", body -> "PENDING_ATTACHMENT".equals(body.get("service_status")));
    }

    @Test
    void aProvisioningThatFailsLeavesTheServiceNewAndSaysWhy() {
        sandbox.faults().failNext(Operation.PROVISION, "no capacity");
        String id = api.instance("live", POSTGRES_15, "NEXT");

        api.post(INSTANCES + id + "/provision/", Map.of()).expect(202);

        assertThat(api.await(INSTANCES + id + "/", body -> !"PROVISIONING".equals(body.get("service_status")))
                        .body())
                .containsEntry("service_status", "NEW")
                .containsEntry("errors", List.of("no capacity"));
    }

    @ParameterizedTest
    @EnumSource(value = InstanceStatus.class, mode = EnumSource.Mode.EXCLUDE, names = "NEW")
    void onlyANewServiceCanBeProvisioned(InstanceStatus status) {
        assertThat(reason(api.post(INSTANCES + in(status) + "/provision/", Map.of())))
                .contains("Only a new service can be provisioned", status.name());
        assertThat(statusOf(in(status))).isEqualTo(status);
    }

    @Test
    void detachingIsPendingUntilTheNextDeployment() {
        assertThat(api.post(INSTANCES + in(ATTACHED) + "/detach/", Map.of())
                        .expect(200)
                        .text("service_status"))
                .isEqualTo("PENDING_DETACHMENT");
    }

    @ParameterizedTest
    @EnumSource(value = InstanceStatus.class, mode = EnumSource.Mode.EXCLUDE, names = "ATTACHED")
    void onlyAnAttachedServiceCanBeDetached(InstanceStatus status) {
        assertThat(reason(api.post(INSTANCES + in(status) + "/detach/", Map.of())))
                .contains("Only an attached service can be detached", status.name());
        assertThat(statusOf(in(status))).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"DETACHED, PENDING_ATTACHMENT", "PENDING_DETACHMENT, ATTACHED"})
    void attachingTakesADetachmentBack(InstanceStatus before, InstanceStatus after) {
        api.post(INSTANCES + in(before) + "/attach/", Map.of()).expect(200);

        assertThat(statusOf(in(before))).isEqualTo(after);
    }

    @ParameterizedTest
    @EnumSource(names = {"NEW", "PROVISIONING", "PENDING_ATTACHMENT", "ATTACHED"})
    void onlyADetachedServiceCanBeAttached(InstanceStatus status) {
        assertThat(reason(api.post(INSTANCES + in(status) + "/attach/", Map.of())))
                .contains("Only a detached service can be attached", status.name());
        assertThat(statusOf(in(status))).isEqualTo(status);
    }

    @ParameterizedTest
    @EnumSource(names = {"NEW", "DETACHED"})
    void aServiceThatIsNotInUseCanBeDeleted(InstanceStatus status) {
        String id = in(status);

        api.delete(INSTANCES + id + "/").expect(204);

        api.get(INSTANCES + id + "/").expect(404);
    }

    @ParameterizedTest
    @EnumSource(names = {"PROVISIONING", "PENDING_ATTACHMENT", "ATTACHED", "PENDING_DETACHMENT"})
    void aServiceInUseCannotBeDeleted(InstanceStatus status) {
        assertThat(reason(api.delete(INSTANCES + in(status) + "/"))).contains("PostgreSQL Database 15");
        assertThat(statusOf(in(status))).isEqualTo(status);
    }

    @Test
    void aServiceThatIsBeingBackedUpCannotBeDeleted() {
        sandbox.faults().hold(Operation.BACKUP);
        api.startBackup("test", in(DETACHED)).expect(201);

        assertThat(reason(api.delete(INSTANCES + in(DETACHED) + "/"))).contains("backup or a restore");
    }

    @Test
    void twoServicesOfOneTypeCannotHaveTheSamePrefix() {
        Api.Answer answer = api.post(
                INSTANCES,
                Map.of(
                        "environment", sandbox.environmentId("test"),
                        "region", sandbox.regionId(),
                        "service", sandbox.serviceId("MySQL Database"),
                        "prefix", "DEFAULT"));

        assertThat(answer.expect(400).body().get("prefix").toString())
                .contains("\"DEFAULT\" is already used by PostgreSQL Database 13");
    }

    @Test
    void servicesOfDifferentTypesMayHaveTheSamePrefix() {
        assertThat(sandbox.instances("live"))
                .extracting(InstanceSnapshot::type, InstanceSnapshot::prefix)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("DATABASE", "DEFAULT"),
                        org.assertj.core.groups.Tuple.tuple("STORAGE", "DEFAULT"));
    }

    @Test
    void aRenameCannotTakeAPrefixThatIsInUse() {
        assertThat(api.patch(INSTANCES + in(DETACHED) + "/", Map.of("prefix", "DEFAULT"))
                        .expect(400)
                        .body())
                .containsKey("prefix");
    }

    @ParameterizedTest
    @EnumSource
    void aRenameDoesNotChangeTheStatus(InstanceStatus status) {
        String id = in(status);

        api.patch(INSTANCES + id + "/", Map.of("prefix", "OTHER_1", "service_status", "DETACHED"))
                .expect(200);

        assertThat(api.get(INSTANCES + id).body())
                .containsEntry("prefix", "OTHER_1")
                .containsEntry("service_status", status.name());
    }

    @Test
    void aRenameToItsOwnPrefixIsFine() {
        api.patch(INSTANCES + in(NEW) + "/", Map.of("prefix", "S_NEW")).expect(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"default", "MY-DB", "A B", "É"})
    void aPrefixConsistsOfUpperCaseLettersDigitsAndUnderscores(String prefix) {
        assertThat(api.patch(INSTANCES + in(NEW) + "/", Map.of("prefix", prefix))
                        .expect(400)
                        .body())
                .containsKey("prefix");
    }

    @ParameterizedTest
    @EnumSource(names = {"NEW", "PROVISIONING"})
    void aServiceThatDoesNotWorkYetCannotBeBackedUp(InstanceStatus status) {
        assertThat(reason(api.startBackup("test", in(status)))).contains("provision it");
    }

    @ParameterizedTest
    @EnumSource(names = {"NEW", "PROVISIONING"})
    void nothingCanBeRestoredIntoAServiceThatDoesNotWorkYet(InstanceStatus status) {
        Api.MadeBackup backup = api.backUp("test", in(ATTACHED));

        assertThat(reason(api.startRestore(backup, in(status)))).contains("provision it");
    }

    @ParameterizedTest
    @EnumSource(names = {"PENDING_ATTACHMENT", "ATTACHED", "PENDING_DETACHMENT", "DETACHED"})
    void aServiceThatWorksCanBeBackedUpAndRestoredInto(InstanceStatus status) {
        Api.MadeBackup backup = api.backUp("test", in(status));

        assertThat(backup.success()).isEqualTo("SUCCESS");
        assertThat(api.restore(backup, in(status)).body()).containsEntry("success", "SUCCESS");
    }
}
