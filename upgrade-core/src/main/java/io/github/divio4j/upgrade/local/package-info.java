/**
 * The local half of an upgrade, steps 14 to 17 of Divio's manual: the image in {@code docker-compose.yml}, the containers and
 * volumes, and the local copy of a database. It needs the optional dependency {@code snakeyaml-engine}, and at run time {@code
 * docker compose} (or {@code docker-compose}).
 *
 * <pre>{@code
 * LocalSpec spec = LocalSpec.to("15").environment("test").build();
 * LocalUpgrade upgrade = LocalUpgrade.builder(Path.of("."), spec).build();
 * System.out.println(upgrade.plan());          // a diff and the exact commands; changes nothing
 * upgrade.run();                               // run it again after a crash: it goes on
 * }</pre>
 *
 * <p>{@link io.github.divio4j.upgrade.local.ComposeFile} alone edits compose files and runs no program. Not here: what
 * happens on the platform.
 */
@NullMarked
package io.github.divio4j.upgrade.local;

import org.jspecify.annotations.NullMarked;
