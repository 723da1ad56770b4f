/**
 * The face of the client: start at {@link io.github.divio4j.client.DivioClient}, which hands out one small object per kind of
 * resource.
 *
 * <pre>{@code
 * try (DivioClient divio = DivioClient.builder().token(System.getenv("DIVIO_API_TOKEN")).build()) {
 *     Application shop = divio.applications().getBySlug("shop");
 *     for (Environment environment : divio.environments().list(shop.id())) {
 *         divio.serviceInstances().list(environment.id()).stream()
 *                 .filter(instance -> instance.type().equals(ServiceType.DATABASE))
 *                 .forEach(System.out::println);
 *     }
 * }
 * }</pre>
 *
 * <p>What is repeated, and what never is:
 *
 * <table>
 * <caption>The retry table</caption>
 * <tr><th>What happened</th><th>GET, PUT, DELETE</th><th>POST, PATCH</th></tr>
 * <tr><td>No connection: nothing was sent</td><td>again</td><td>again</td></tr>
 * <tr><td>Connection lost or timed out after sending began</td><td>again</td><td>never</td></tr>
 * <tr><td>429, 502, 503, 504, with or without {@code Retry-After}</td><td>again</td><td>never</td></tr>
 * <tr><td>404 for a DELETE that was sent before</td><td>counts as done</td><td></td></tr>
 * <tr><td>Every other answer, redirects included</td><td>never</td><td>never</td></tr>
 * </table>
 *
 * <p>The reason for the right-hand column: no source of Divio promises that a refused or unanswered POST or PATCH has not started, and
 * none offers an idempotency key. The exception says what is known ({@link
 * io.github.divio4j.client.error.DivioException#mayHaveTakenEffect()}); the caller looks, then decides.
 *
 * <p>What is not here: planning an upgrade, and anything that talks to a database.
 */
@NullMarked
package io.github.divio4j.client;

import org.jspecify.annotations.NullMarked;
