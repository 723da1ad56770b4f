/**
 * Upgrades on Divio: {@link io.github.divio4j.upgrade.divio.DivioUpgrade} looks at an application's environments and
 * executes steps through the client, {@link io.github.divio4j.upgrade.divio.DivioDatabases} tells where the databases are. It needs the
 * optional dependency {@code divio-client}.
 *
 * <pre>{@code
 * try (DivioClient divio = DivioClient.builder().token(token).build()) {
 *     DivioUpgrade upgrade = DivioUpgrade.builder(divio, "order-book").build();
 *     RunReport report = upgrade.runner().build().run(UpgradeSpec.to("15").build());
 * }
 * }</pre>
 */
@NullMarked
package io.github.divio4j.upgrade.divio;

import org.jspecify.annotations.NullMarked;
