/** Plans and runs the move of Divio environments to a newer PostgreSQL. */
@org.jspecify.annotations.NullMarked
module io.github.divio4j.upgrade {
    requires static transitive org.jspecify;

    exports io.github.divio4j.upgrade;
    exports io.github.divio4j.upgrade.report;
    exports io.github.divio4j.upgrade.run;
    exports io.github.divio4j.upgrade.testing;
}
