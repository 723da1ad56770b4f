/**
 * Plans and journals as files: {@link io.github.divio4j.upgrade.store.PlanFile} and
 * {@link io.github.divio4j.upgrade.store.FileJournal}. They are for every caller, also one with an executor of their own and
 * no Divio client; only Moshi and Okio must be added to the dependencies, which are optional in the POM.
 *
 * <pre>{@code
 * PlanFile.write(file, runner.planToSave(spec));            // to be read, and agreed to
 *
 * try (FileJournal journal = FileJournal.open(Path.of("shop.journal"))) {
 *     RunReport report = UpgradeRunner.builder(observer, executor)
 *             .journal(journal)
 *             .build()
 *             .run(PlanFile.read(file));                    // what was agreed to, and nothing else
 * }
 * }</pre>
 *
 * <p>Both forms are described in upgrade-core/README.md. Files hold no token and no password: neither plans nor observations
 * have any, and passwords in the addresses of databases are taken out of what a journal is told.
 */
@NullMarked
package io.github.divio4j.upgrade.store;

import org.jspecify.annotations.NullMarked;
