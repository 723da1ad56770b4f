package io.github.divio4j.client.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenValueTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "PENDING_ATTACHMENT",
                "pending_attachment",
                "Pending attachment",
                "pending-attachment",
                " Pending  Attachment "
            })
    void caseAndSeparatorsDoNotCount(String text) {
        ServiceInstanceStatus status = ServiceInstanceStatus.of(text);

        assertThat(status).isEqualTo(ServiceInstanceStatus.PENDING_ATTACHMENT);
        assertThat(status).hasSameHashCodeAs(ServiceInstanceStatus.PENDING_ATTACHMENT);
        assertThat(status.known()).isTrue();
    }

    @Test
    void anUnknownWordKeepsItsText() {
        ServiceInstanceStatus status = ServiceInstanceStatus.of("Half-way there");

        assertThat(status.known()).isFalse();
        assertThat(status.text()).isEqualTo("Half-way there");
        assertThat(status.name()).isEqualTo("HALF_WAY_THERE");
        assertThat(status).isNotEqualTo(ServiceInstanceStatus.ATTACHED);
    }

    @Test
    void aMissingWordIsUnknown() {
        assertThat(BackupState.of("").given()).isFalse();
        assertThat(BackupState.of("")).isEqualTo(BackupState.UNKNOWN).hasToString("(not given)");
    }

    @Test
    void wordsOfDifferentTypesAreDifferent() {
        assertThat((Object) OperationResult.of("SUCCESS")).isNotEqualTo(DeploymentStatus.of("SUCCESS"));
    }

    @Test
    void onlyAttachedAndPendingDetachmentAreVisibleToTheApplication() {
        assertThat(ServiceInstanceStatus.ATTACHED.visibleToApplication()).isTrue();
        assertThat(ServiceInstanceStatus.PENDING_DETACHMENT.visibleToApplication())
                .isTrue();
        assertThat(ServiceInstanceStatus.NEW.visibleToApplication()).isFalse();
        assertThat(ServiceInstanceStatus.PENDING_ATTACHMENT.visibleToApplication())
                .isFalse();
        assertThat(ServiceInstanceStatus.DETACHED.visibleToApplication()).isFalse();
    }

    @Test
    void newProvisioningAndRemovedDoNotWork() {
        assertThat(ServiceInstanceStatus.NEW.working()).isFalse();
        assertThat(ServiceInstanceStatus.PROVISIONING.working()).isFalse();
        assertThat(ServiceInstanceStatus.REMOVED.working()).isFalse();
        assertThat(ServiceInstanceStatus.PENDING_ATTACHMENT.working()).isTrue();
        assertThat(ServiceInstanceStatus.DETACHED.working()).isTrue();
    }
}
