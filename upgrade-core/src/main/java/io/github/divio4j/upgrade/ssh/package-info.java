/**
 * Tunnels to databases that can be reached only from an application's containers, through the SSH endpoint of its environment. It needs
 * the optional dependency {@code org.apache.sshd:sshd-osgi}, or on the class path {@code sshd-core}, which holds the same classes.
 *
 * <pre>{@code
 * DivioDatabases databases = DivioDatabases.of(divio);
 * try (SshTunnels tunnels = SshTunnels.builder().key(Path.of("/home/me/.ssh/id_ecdsa")).build()) {
 *     DatabaseAccess access = DatabaseAccess.at(tunnels.around(databases::address, databases::sshEndpoint));
 *     DivioUpgrade upgrade = DivioUpgrade.builder(divio, "order-book")
 *             .databases(PostgresDatabases.through(access))
 *             .build();
 *     upgrade.runner().build().run(UpgradeSpec.withoutLoss("15").build());
 * }
 * }</pre>
 *
 * <p>For keys of the type Ed25519, of this program or of an endpoint, that needs Bouncy Castle ({@code
 * org.bouncycastle:bcprov-jdk18on}) beside it. Without, an endpoint that has other keys as well shows one of those.
 */
@NullMarked
package io.github.divio4j.upgrade.ssh;

import org.jspecify.annotations.NullMarked;
