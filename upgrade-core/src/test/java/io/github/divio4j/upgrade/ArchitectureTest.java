package io.github.divio4j.upgrade;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;

/** What each package may depend on. */
@AnalyzeClasses(packages = "io.github.divio4j.upgrade", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String PLANNING = "io.github.divio4j.upgrade";
    private static final String RUN = PLANNING + ".run";
    private static final String TESTING = PLANNING + ".testing";
    private static final String REPORT = PLANNING + ".report";
    private static final String STORE = PLANNING + ".store";
    private static final String DIVIO = PLANNING + ".divio";
    private static final String POSTGRES = PLANNING + ".postgres";
    private static final String LOCAL = PLANNING + ".local";
    private static final String MICROMETER = PLANNING + ".micrometer";
    private static final String OPENTELEMETRY = PLANNING + ".opentelemetry";
    private static final String SSH = PLANNING + ".ssh";
    private static final String JSPECIFY = "org.jspecify.annotations";
    private static final String CLIENT = "io.github.divio4j.client..";

    /** The packages of java.base, and no others that begin with "java.". */
    private static final DescribedPredicate<JavaClass> JAVA_BASE = DescribedPredicate.describe(
            "are of java.base",
            type -> Object.class.getModule().getPackages().contains(type.getPackageName())
                    || type.getPackageName().isEmpty());

    @ArchTest
    static void everyPackageOfTheDesignIsThereSoThatNoRuleIsVacuous(JavaClasses all) {
        Set<String> packages =
                all.stream().map(JavaClass::getPackageName).collect(Collectors.toCollection(TreeSet::new));

        assertThat(packages)
                .contains(
                        PLANNING, RUN, TESTING, REPORT, STORE, DIVIO, POSTGRES, LOCAL, SSH, MICROMETER, OPENTELEMETRY);
        assertThat(all.stream().filter(c -> c.getPackageName().equals(PLANNING)))
                .hasSizeGreaterThan(20);
    }

    @ArchTest
    static final ArchRule planningNeedsNothingButJavaBaseAndJSpecify =
            onlyDependsOn(PLANNING, resideInAnyPackage(PLANNING, JSPECIFY));

    @ArchTest
    static final ArchRule runningNeedsOnlyPlanning = onlyDependsOn(RUN, resideInAnyPackage(RUN, PLANNING, JSPECIFY));

    @ArchTest
    static final ArchRule testingNeedsOnlyPlanningAndRunning =
            onlyDependsOn(TESTING, resideInAnyPackage(TESTING, RUN, PLANNING, JSPECIFY));

    @ArchTest
    static final ArchRule reportingNeedsOnlyPlanningAndRunning =
            onlyDependsOn(REPORT, resideInAnyPackage(REPORT, RUN, PLANNING, JSPECIFY));

    @ArchTest
    static final ArchRule meteringNeedsOnlyPlanningAndRunningAndMicrometer =
            onlyDependsOn(MICROMETER, resideInAnyPackage(MICROMETER, RUN, PLANNING, JSPECIFY, "io.micrometer.."));

    @ArchTest
    static final ArchRule onlyMeteringKnowsMicrometer = noClasses()
            .that()
            .resideOutsideOfPackage(MICROMETER)
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.micrometer..", MICROMETER));

    @ArchTest
    static final ArchRule tracingNeedsOnlyPlanningAndRunningAndOpenTelemetry = onlyDependsOn(
            OPENTELEMETRY, resideInAnyPackage(OPENTELEMETRY, RUN, PLANNING, JSPECIFY, "io.opentelemetry.."));

    @ArchTest
    static final ArchRule onlyTracingKnowsOpenTelemetry = noClasses()
            .that()
            .resideOutsideOfPackage(OPENTELEMETRY)
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.opentelemetry..", OPENTELEMETRY));

    @ArchTest
    static final ArchRule storingNeedsOnlyPlanningAndRunningAndMoshi =
            onlyDependsOn(STORE, resideInAnyPackage(STORE, RUN, PLANNING, JSPECIFY, "com.squareup.moshi", "okio"));

    @ArchTest
    static final ArchRule nobodyNeedsTheStore =
            noClasses().that().resideOutsideOfPackage(STORE).should().dependOnClassesThat(resideInAPackage(STORE));

    /** A data source names the package of loggers. */
    @ArchTest
    static final ArchRule databasesNeedOnlyPlanningAndRunningAndTheJdk = onlyDependsOn(
            POSTGRES,
            resideInAnyPackage(POSTGRES, RUN, PLANNING, JSPECIFY, "java.sql", "javax.sql", "java.util.logging"));

    @ArchTest
    static final ArchRule onlyThePostgresPackageKnowsSql = noClasses()
            .that()
            .resideOutsideOfPackage(POSTGRES)
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.sql", "javax.sql"));

    @ArchTest
    static final ArchRule theLocalPartNeedsOnlyPlanningAndTheYamlParser =
            onlyDependsOn(LOCAL, resideInAnyPackage(LOCAL, PLANNING, JSPECIFY, "org.snakeyaml.engine.."));

    @ArchTest
    static final ArchRule onlyTheDivioPackageKnowsTheLocalPart = noClasses()
            .that()
            .resideOutsideOfPackages(LOCAL, DIVIO)
            .should()
            .dependOnClassesThat(resideInAPackage(LOCAL));

    @ArchTest
    static final ArchRule onlyTheLocalPartKnowsTheYamlParser = noClasses()
            .that()
            .resideOutsideOfPackage(LOCAL)
            .should()
            .dependOnClassesThat(resideInAPackage("org.snakeyaml.."));

    @ArchTest
    static final ArchRule tunnelsNeedOnlyPlanningAndAddressesAndSshd =
            onlyDependsOn(SSH, resideInAnyPackage(SSH, POSTGRES, PLANNING, JSPECIFY, "org.apache.sshd.."));

    @ArchTest
    static final ArchRule onlyTunnelsKnowSshd = noClasses()
            .that()
            .resideOutsideOfPackage(SSH)
            .should()
            .dependOnClassesThat(resideInAPackage("org.apache.sshd.."));

    @ArchTest
    static final ArchRule ofTunnelsNobodyKnowsMoreThanTheAddress = noClasses()
            .that()
            .resideOutsideOfPackage(SSH)
            .should()
            .dependOnClassesThat(resideInAPackage(SSH)
                    .and(DescribedPredicate.describe(
                            "are no address", type -> !type.getSimpleName().equals("SshAddress"))));

    private static ArchRule onlyDependsOn(String of, DescribedPredicate<JavaClass> others) {
        return classes().that().resideInAPackage(of).should().onlyDependOnClassesThat(JAVA_BASE.or(others));
    }

    @ArchTest
    static final ArchRule onlyTheDivioPackageKnowsTheClient =
            noClasses().that().resideOutsideOfPackage(DIVIO).should().dependOnClassesThat(resideInAPackage(CLIENT));

    @ArchTest
    static void theDivioPackageDoesKnowTheClient(JavaClasses all) {
        assertThat(all.stream()
                        .filter(c -> c.getPackageName().equals(DIVIO))
                        .flatMap(c -> c.getDirectDependenciesFromSelf().stream()))
                .anyMatch(d -> resideInAPackage(CLIENT).test(d.getTargetClass()));
    }

    @ArchTest
    static final ArchRule nobodyNeedsTheDivioPackage =
            noClasses().that().resideOutsideOfPackage(DIVIO).should().dependOnClassesThat(resideInAPackage(DIVIO));

    @ArchTest
    static final ArchRule packagesFormNoCycles =
            slices().matching("io.github.divio4j.(**)").should().beFreeOfCycles();

    @ArchTest
    static void everyPackageIsNullMarked(JavaClasses all) {
        Set<JavaPackage> packages = all.stream()
                .map(JavaClass::getPackage)
                .filter(p -> p.getName().startsWith(PLANNING))
                .collect(Collectors.toSet());

        assertThat(packages)
                .isNotEmpty()
                .allSatisfy(p -> assertThat(p.isAnnotatedWith(NullMarked.class))
                        .as("%s is @NullMarked", p.getName())
                        .isTrue());
    }

    @ArchTest
    static final ArchRule nothingIsPrinted = NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

    @ArchTest
    static final ArchRule nothingIsLogged = NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

    @ArchTest
    static final ArchRule planningReadsNoClockAndRollsNoDice = noClasses()
            .that()
            .resideInAPackage(PLANNING)
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.time.Clock")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.Random")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.UUID")
            .orShould()
            .callMethod("java.time.Instant", "now")
            .orShould()
            .callMethod("java.lang.System", "currentTimeMillis")
            .orShould()
            .callMethod("java.lang.System", "nanoTime");
}
