package io.github.divio4j.upgrade;

/** The ids of all steps of one environment's upgrade, and of the way back from it. */
final class StepIds {

    private final String beforeStep;
    private final String afterStep;

    StepIds(EnvironmentRef environment, String prefix, PostgresVersion from, PostgresVersion to) {
        this.beforeStep = encoded(environment.application()) + "/" + encoded(environment.slug()) + "/";
        this.afterStep = "/" + encoded(prefix) + "/" + from + "-" + to;
    }

    StepId addService() {
        return id("add-service");
    }

    StepId claimTarget() {
        return id("claim-target");
    }

    StepId provision() {
        return id("provision");
    }

    StepId deployWithTarget() {
        return id("deploy-with-target");
    }

    StepId withdrawTarget() {
        return id("withdraw-target");
    }

    StepId deployWithoutTarget() {
        return id("deploy-without-target");
    }

    StepId preflight() {
        return id("preflight");
    }

    StepId fenceWrites() {
        return id("fence-writes");
    }

    StepId backUp() {
        return id("back-up");
    }

    StepId uploadBackup() {
        return id("upload-backup");
    }

    StepId restore() {
        return id("restore");
    }

    StepId verify() {
        return id("verify");
    }

    StepId analyze() {
        return id("analyze");
    }

    StepId renameSource() {
        return id("rename-source");
    }

    StepId detach() {
        return id("detach");
    }

    StepId renameTarget() {
        return id("rename-target");
    }

    StepId attach() {
        return id("attach");
    }

    StepId deploy() {
        return id("deploy");
    }

    StepId deployFirst() {
        return id("deploy-first");
    }

    StepId downloadBackup() {
        return id("download-backup");
    }

    StepId deleteService() {
        return id("delete-service");
    }

    StepId renameTargetBack() {
        return id("back-rename-target");
    }

    StepId detachTarget() {
        return id("back-detach");
    }

    StepId renameSourceBack() {
        return id("back-rename-source");
    }

    StepId attachSource() {
        return id("back-attach");
    }

    StepId liftFence() {
        return id("lift-fence");
    }

    StepId deployBack() {
        return id("back-deploy");
    }

    StepId deployBackFirst() {
        return id("back-deploy-first");
    }

    StepId deleteTarget() {
        return id("back-delete-service");
    }

    private StepId id(String step) {
        return new StepId(beforeStep + step + afterStep);
    }

    /** Percent-encodes what has a meaning in an id; names on the platform rarely hold any of it. */
    static String encoded(String name) {
        StringBuilder encoded = null;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean special = c == '/' || c == '%' || Character.isWhitespace(c);
            if (special && encoded == null) {
                encoded = new StringBuilder(name.substring(0, i));
            }
            if (special && encoded != null) {
                encoded.append('%').append(String.format("%04x", (int) c));
            } else if (encoded != null) {
                encoded.append(c);
            }
        }
        return encoded == null ? name : encoded.toString();
    }

    static String decoded(String part) {
        if (part.indexOf('%') < 0) {
            return part;
        }
        StringBuilder decoded = new StringBuilder();
        for (int i = 0; i < part.length(); i++) {
            if (part.charAt(i) == '%' && i + 4 < part.length()) {
                decoded.append((char) Integer.parseInt(part.substring(i + 1, i + 5), 16));
                i += 4;
            } else {
                decoded.append(part.charAt(i));
            }
        }
        return decoded.toString();
    }
}
