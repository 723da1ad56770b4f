package io.github.divio4j.client.error;

/**
 * An answer with a good status that cannot be understood: no JSON, a required field is missing, a value is of the wrong kind, a page
 * leads to a foreign host.
 *
 * <p>It has no cause: the parser's message may quote the body, and bodies hold passwords.
 */
public final class DivioProtocolException extends DivioException {
    private static final long serialVersionUID = 1;

    /**
     * Creates one; meant for tests of code that handles it.
     *
     * @param call which call it is about
     * @param problem what is wrong with the answer, as the end of the sentence "the answer ..."
     */
    public DivioProtocolException(ApiCall call, String problem) {
        super(
                call,
                Delivery.ANSWERED,
                !call.readOnly(),
                "gave an answer that cannot be used: " + problem,
                call.readOnly()
                        ? "Check the base URL and whether this version of the client fits the API."
                        : "The call was probably carried out: look at the resource before it is made again.",
                null);
    }
}
