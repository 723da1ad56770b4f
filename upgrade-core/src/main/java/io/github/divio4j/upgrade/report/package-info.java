/**
 * Plans and runs in the forms that people read. Start with {@link io.github.divio4j.upgrade.report.Report}.
 */
@NullMarked
package io.github.divio4j.upgrade.report;

import org.jspecify.annotations.NullMarked;
