package io.github.divio4j.examples.sandbox;

/** A code repository of a user's own. Its state belongs to the world's lock. */
final class Repository {
    final String id;
    final String organisationId;
    final String url;
    final String keyType;
    final String publicKey;
    String state = "CLONING";
    boolean checking;

    Repository(String id, String organisationId, String url, String keyType, String publicKey) {
        this.id = id;
        this.organisationId = organisationId;
        this.url = url;
        this.keyType = keyType;
        this.publicKey = publicKey;
    }

    void end(String endState) {
        state = endState;
        checking = false;
    }
}
